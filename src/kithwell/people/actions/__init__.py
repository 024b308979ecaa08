"""Every change to people, by the part's rooms: accounts, roles, ways in, keys, archives and leaving."""

from kithwell.people.actions.accounts import (
    create_account,
    pause_account,
    rename,
    resume_account,
    set_about,
    set_password,
    sign_up,
)
from kithwell.people.actions.archives import ask_for_export, stop_export, take_export
from kithwell.people.actions.grants import confirm_grant, grant_role, revoke_role
from kithwell.people.actions.keys import add_passkey, new_recovery_codes, remove_passkey, rename_passkey
from kithwell.people.actions.leaving import ask_for_erasure, come_back, finish_erasure
from kithwell.people.actions.mail import ask_way_back, call_to_desk, confirm_email, remove_email, set_email
from kithwell.people.actions.ways_in import (
    account_of_code,
    account_of_passkey,
    account_of_password,
    begin_session,
    end_other_sessions,
    end_session,
    make_link,
    prove_with_password,
    sign_out,
    use_link,
)

__all__ = [
    "account_of_code", "account_of_passkey", "account_of_password", "add_passkey", "ask_for_erasure",
    "ask_for_export", "ask_way_back", "begin_session", "call_to_desk", "come_back", "confirm_email", "confirm_grant",
    "create_account", "end_other_sessions", "end_session", "finish_erasure", "grant_role", "make_link",
    "new_recovery_codes", "pause_account", "prove_with_password", "remove_email", "remove_passkey", "rename",
    "rename_passkey", "resume_account", "revoke_role", "set_about", "set_email", "set_password", "sign_out",
    "sign_up", "stop_export", "take_export", "use_link",
]  # fmt: skip
