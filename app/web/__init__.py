"""Face 2: the pages. A page is one file with its state and its view; components know no page."""
