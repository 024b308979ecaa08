"""The desk as supporters and supervisors see it. Thin: parse, call an action or a query, render."""
