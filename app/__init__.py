"""Keybatch: keyword research at batch scale.

The floor plan; a module may only look down (``make lint`` checks it)::

    app.app  app.cli  workers.main             the roots: web, command line, workers
    app.web  app.api  workers.jobs  workers.schedule  workers.courier      the faces
    workers.engine                             the loop of a slice
    app.services                               what the house does
    app.repositories  app.sources  app.events  app.queue
    app.db                                     engine, unit of work, migrations
    app.models                                 what is stored
    workers.budget  workers.retry              limits and decisions, as values
    app.settings  app.vault  app.errors  app.clock  app.log

This file imports nothing: a worker must never load the web framework.
"""
