"""A plain RQ worker that ends when its queue is empty: ``python -m bench.burst REDIS_URL WORKER_CLASS``."""

import sys

from redis import Redis
from rq import Queue
from rq.utils import import_attribute

import bench.bare  # noqa: F401 -- imported before the first job, as the product preloads its own

redis = Redis.from_url(sys.argv[1])
worker = import_attribute(sys.argv[2])
worker([Queue("bare", connection=redis)], connection=redis).work(burst=True, logging_level="WARNING")
