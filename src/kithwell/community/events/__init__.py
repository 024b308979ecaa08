"""Events: live questions and answers, sessions, awareness days; attendees' names private."""
