"""Pure decisions of groups: who belongs together by age, when a group sleeps, what a size is called."""
