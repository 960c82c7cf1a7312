"""The asyncio loop of a slice: claim, pay, call, read, flush.

``run``    the loop itself, from taking the lane to handing it back
``desk``   what is still to be asked, and what came out, of the lane at hand
``till``   pays for each call at the account's budget
``caller`` makes calls and decides about errors
``counting`` what it counts for the metrics
``http``   the one place that speaks HTTP
``stop``   the ways a slice is told to stop
"""
