"""What the house counts and measures of itself, for Prometheus.

``described``  every metric, once
``counted``    counters and histograms: of this process, and of the work, which are kept in Redis
``gauges``     what is read from database and Redis when somebody asks
``written``    all of it as Prometheus reads it
"""
