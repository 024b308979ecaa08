"""Pure decisions of events: who gets a place, the order of questions, dates of awareness days, calendar files."""
