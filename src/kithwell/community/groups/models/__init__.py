"""Tables of groups. Private to this part: others go through access, actions and queries.

A group's own words (name, purpose, guidelines, prompts) belong to the group and lie in clear; what a person writes
(answers to joining questions, the words of a decision) is sealed under that person's key. Accounts are bare ids.
"""

from kithwell.community.groups.models.doors import Invitation, JoinRequest
from kithwell.community.groups.models.groups import Group, GroupWord
from kithwell.community.groups.models.members import Membership

__all__ = ["Group", "GroupWord", "Invitation", "JoinRequest", "Membership"]
