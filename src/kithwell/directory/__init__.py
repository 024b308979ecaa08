"""Help now: helplines and emergency numbers by country, and the page that shows them whatever else fails.

Nothing here needs a database. `queries` reads the two lists in `data/` once, `help_page` makes the page, `native`
serves it, `static` keeps copies on disk.
"""
