"""Writing a post, answering one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.boundaries.rules import known_warnings
from kithwell.community.groups import access as groups
from kithwell.community.posts import access, search, words
from kithwell.community.posts.actions import common
from kithwell.community.posts.actions.common import Stored, Writer
from kithwell.community.posts.actions.drafts import drop
from kithwell.community.posts.actions.pictures import hang
from kithwell.community.posts.models import Poll, Post, Reply, State
from kithwell.community.posts.rules import marks, writing
from kithwell.community.posts.rules.writing import Written
from kithwell.kernel import audit, clock, crypto, events, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as moderation


def write(
    principal: Principal,
    slug: str,
    written: Written,
    *,
    poll: bool = False,
    pictures: Sequence[UUID] = (),
    kind: str = "",
) -> Stored:
    """Write a post in a group. Stored first; what the screening sees follows in the same transaction.

    Raises SignInNeeded, NotFound, NotNow, Invalid, or Nudged (once; nothing is stored then).
    """
    place = groups.member(principal, slug)
    assert principal.id is not None
    common.check_standing(principal.id, place, written.text)
    common.check(written, poll=poll, most=writing.POST_MAX)
    seen = common.look(written)
    with transaction.atomic():
        by = common.writer(principal, place, written.anonymous, place.group.language)
        twin = _twin(Post, by, written.client_key)
        if twin is not None:
            return Stored(twin, twin, seen.crisis_level, seen.guidance)
        now = clock.now()
        post = Post(
            id=ids.new_id(),
            group=place.group.id,
            author=by.author,
            veil=by.veil,
            subject=by.subject,
            kind=kind or (Post.Kind.POLL if poll else Post.Kind.TEXT),
            warnings=",".join(known_warnings(written.warnings)),
            replies_from=written.replies_from,
            created_at=now,
            activity_at=now,
            client_key=written.client_key or None,
        )
        post.body = words.seal_body(by.subject, words.POST, post.id, written.text, written.own_warning)
        post.pictures = bool(pictures)
        try:
            with transaction.atomic():
                post.save(force_insert=True)
        except IntegrityError:  # the same form came twice at one moment, and the other was faster
            twin = _twin(Post, by, written.client_key)
            if twin is None:
                raise
            return Stored(twin, twin, seen.crisis_level, seen.guidance)
        if poll:
            _add_poll(post, written)
        held = hang(principal.id, post, pictures) if pictures else ""
        drop(principal.id, "new", place.group.id)
        common.after(principal, "community.post", post, seen)
        if held:
            _hold_back(post, held)
        else:
            search.index(post.group, post.id, post.id, marks.plain(written.text))
            events.publish(
                "community.post.written", post=str(post.id), group=str(post.group), author=common.who(post)
            )
        common.moved(post)
    return Stored(post.id, post.id, seen.crisis_level, seen.guidance)


def _hold_back(post: Post, category: str) -> None:
    """One of its pictures is on a list: there for its writer alone until a person has looked, and they read why."""
    post.state = State.HIDDEN
    post.save(update_fields=["state"])
    moderation.held_back("community.post", str(post.id), category, str(post.group))


def _twin(model: type[Post] | type[Reply], by: Writer, client_key: str) -> UUID | None:
    """The same form sent twice is one piece."""
    if not client_key:
        return None
    rows = model.objects.filter(subject=by.subject, client_key=client_key)
    return rows.values_list("id", flat=True).first()


def _add_poll(post: Post, written: Written) -> None:
    packed = json.dumps(list(written.options), ensure_ascii=False)
    sealed = crypto.seal(post.subject, packed, at=(words.POLL, "options", post.id))
    ends = post.created_at + timedelta(days=written.poll_days) if written.poll_days else None
    Poll.objects.create(post=post, options=sealed, ends_at=ends)


def reply(principal: Principal, post_id: UUID, written: Written, parent: UUID | None = None) -> Stored:
    """Answer a post, or a reply of it. Raises as `write`, and Refused where the writer wants no answers."""
    common.check(written, poll=False, most=writing.REPLY_MAX)
    look, _post = access.post(principal, post_id)
    if not look.place.helps:
        groups.member(principal, look.place.group.slug)
    assert principal.id is not None
    common.check_standing(principal.id, look.place, written.text)
    seen = common.look(written)
    with transaction.atomic():
        look, post = access.post(principal, post_id, lock=True)
        anonymous = written.anonymous and not look.place.helps  # the team answers under a name
        by = common.writer(principal, look.place, anonymous, look.place.group.language)
        twin = _twin(Reply, by, written.client_key)
        if twin is not None:
            return Stored(twin, post.id, seen.crisis_level, seen.guidance)
        _may_reply(look, post, by)
        _hides(post, by)
        above = _parent(look, post, parent)
        now = clock.now()
        post.reply_n += 1
        answer = Reply(
            id=ids.new_id(),
            group=post.group,
            author=by.author,
            veil=by.veil,
            subject=by.subject,
            warnings=",".join(known_warnings(written.warnings)),
            created_at=now,
            client_key=written.client_key or None,
            post=post,
            parent=above,
            depth=writing.depth_of(above.depth if above else None),
            n=post.reply_n,
            team=look.place.helps,
        )
        answer.body = words.seal_body(by.subject, words.REPLY, answer.id, written.text, written.own_warning)
        answer.save(force_insert=True)
        post.activity_at = now
        # Whose reply counts as the first is decided by the names shown: anything else would tell who is who.
        if post.first_reply_at is None and not _same_name(post, by):
            post.first_reply_at = now
        post.save(update_fields=["reply_n", "activity_at", "first_reply_at"])
        search.index(post.group, post.id, answer.id, marks.plain(written.text))
        drop(principal.id, "reply", post.id)
        common.after(principal, "community.reply", answer, seen)
        if answer.team:
            audit.record(principal, "post.brought.answered", kind="community.post", id=post.id)
        events.publish(
            "community.reply.written",
            reply=str(answer.id),
            post=str(post.id),
            group=str(post.group),
            author=common.who(answer),
            post_author=common.who(post),
            parent=str(above.id) if above else "",
        )
        common.moved(post)
    return Stored(answer.id, post.id, seen.crisis_level, seen.guidance)


def _same_name(post: Post, by: Writer) -> bool:
    return post.subject == by.subject


def _may_reply(look: access.Eye, post: Post, by: Writer) -> None:
    """Own means: under the same name. Somebody under a veil gets no more in their own name than others do."""
    member = look.place.membership
    if post.state > 1:
        raise Conflict(_("Others cannot see this post at present. Nothing you wrote was lost."))
    allowed = writing.may_reply(
        post.replies_from,
        locked=post.locked,
        member=look.place.is_member or look.place.helps,
        welcomer=look.place.helps or bool(member and member.welcomer),
        own=_same_name(post, by),
        facilitator=look.place.may_facilitate,
    )
    if not allowed:
        raise Refused(
            _("Replies are closed here. Nothing you wrote was lost.")
            if post.locked
            else _(
                "Whoever wrote this has chosen who may answer, and you are not among them. Nothing was lost."
            )
        )


def _hides(post: Post, by: Writer) -> None:
    """Where only a few may answer, another name would tell that it is one of them: then it is not offered."""
    if by.veil is not None and not _same_name(post, by) and (post.locked or post.replies_from == "welcomers"):
        raise Invalid(
            {
                "anonymous": _(
                    "Only a few may answer here, so another name would not hide you. Nothing was lost."
                )
            }
        )


def _parent(look: access.Eye, post: Post, parent: UUID | None) -> Reply | None:
    if parent is None:
        return None
    found = Reply.objects.filter(id=parent, post=post).first()
    if found is None or not look.sees(found.author, found.veil_id, found.state):
        raise NotFound()
    return found
