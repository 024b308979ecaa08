"""Pure decisions of the support desk: no Django, no clock, no input or output. One noun, one file."""
