"""Pure decisions: what is asked at the welcome, who might suit whom, numbers in words."""
