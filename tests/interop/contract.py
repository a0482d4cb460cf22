"""The contract of the sockets, spoken by python-socketio. contract.mjs says the same in JavaScript and names the environment."""

import asyncio
import os
import sys
import uuid

import engineio.payload
import socketio

# This client gives up a long-polling response of more than 16 packets, which any busy server sends.
engineio.payload.Payload.max_decode_packets = 10_000


def env(name):
    if name not in os.environ:
        sys.exit(f"{name} is missing")
    return os.environ[name]


URL = env("HEARBACK_URL")
NAMESPACE = f"/org/{env('HEARBACK_SLUG')}"
TOKEN = env("HEARBACK_TOKEN")
LINK = env("HEARBACK_LINK").split("/")[-1]
FOREIGN_TOKEN = env("HEARBACK_FOREIGN_TOKEN")
TRANSPORTS = os.environ.get("HEARBACK_TRANSPORTS", "websocket polling").split()
PATIENCE = 20


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {str(actual)[:300]} instead of {str(expected)[:300]}")


class Socket:
    """One connection, which remembers what it has heard."""

    open_ones = []

    def __init__(self, namespace=NAMESPACE):
        self.client = socketio.AsyncClient(reconnection=False)
        self.namespace = namespace
        self.heard = []
        self.news = asyncio.Condition()
        self.refusal = asyncio.get_running_loop().create_future()
        self.client.on("*", self.hear, namespace=namespace)
        self.client.on("connect_error", self.refused, namespace=namespace)
        Socket.open_ones.append(self)

    async def hear(self, event, payload=None):
        async with self.news:
            self.heard.append((event, payload))
            self.news.notify_all()

    async def refused(self, error=None):
        if not self.refusal.done():
            self.refusal.set_result(error)

    async def open(self, transport, auth):
        await self.client.connect(
            URL, transports=[transport], auth=auth, namespaces=[self.namespace], wait=True, wait_timeout=PATIENCE
        )
        return self

    async def until(self, event, accepts=lambda payload: True):
        def find():
            return next((p for e, p in self.heard if e == event and accepts(p)), None)

        async with self.news:
            await asyncio.wait_for(self.news.wait_for(lambda: find() is not None), PATIENCE)
            return find()

    def count(self, event):
        return sum(1 for e, _ in self.heard if e == event)

    async def ask(self, event, *payload):
        data = payload[0] if payload else None
        return await self.client.call(event, data, namespace=self.namespace, timeout=PATIENCE)

    async def done(self, event, **payload):
        ack = await self.ask(event, payload)
        if not ack["ok"]:
            raise AssertionError(f"{event}: {ack['error']}")
        return ack

    async def code(self, event, *payload):
        return (await self.ask(event, *payload)).get("error", {}).get("code")

    async def close(self):
        await self.client.disconnect()


async def enter(transport, **auth):
    socket = await Socket().open(transport, auth)
    socket.ready = await socket.until("session:ready")
    return socket


async def refusal(transport, auth, namespace=NAMESPACE):
    socket = Socket(namespace)
    try:
        await socket.open(transport, auth)
    except socketio.exceptions.ConnectionError:
        pass
    error = await asyncio.wait_for(socket.refusal, PATIENCE)
    await socket.close()
    return error["message"] if isinstance(error, dict) else error


def new_id():
    return str(uuid.uuid4())


class Story:
    """The steps, in order; later ones stand on what earlier ones found."""

    def __init__(self, transport):
        self.transport = transport

    def post(self, socket, body, **more):
        fields = {"conversation": self.conversation, "client_id": new_id(), "body": body, "seen_seq": 0}
        return socket.done("message:post", **(fields | more))

    async def an_api_token_is_let_in_and_told_who_it_is(self):
        self.recruiter = await enter(self.transport, token=TOKEN)
        equal(self.recruiter.ready["actor"]["kind"], "api", "kind")
        equal(self.recruiter.ready["organization"]["slug"], NAMESPACE[5:], "slug")
        equal(self.recruiter.ready["conversations"], [], "conversations")

    async def a_chat_link_is_let_in_and_told_its_conversation(self):
        self.candidate = await enter(self.transport, link=LINK)
        equal(self.candidate.ready["actor"]["kind"], "candidate", "kind")
        equal(len(self.candidate.ready["conversations"]), 1, "conversations")
        self.conversation = self.candidate.ready["conversations"][0]["id"]

    async def bad_missing_and_foreign_credentials_are_refused_alike(self):
        for auth in ({"token": "x" * 43}, {"link": "x" * 43}, {"token": 7}, None, {"token": FOREIGN_TOKEN}):
            equal(await refusal(self.transport, auth), "Invalid namespace", "refusal")
        equal(await refusal(self.transport, {"token": TOKEN}, "/org/nobody-here"), "Invalid namespace", "unknown")

    async def opening_tells_the_conversation(self):
        opened = await self.recruiter.done("conversation:open", conversation=self.conversation)
        self.project = opened["conversation"]["project"]
        equal(opened["conversation"]["id"], self.conversation, "id")
        for field in ("messages", "notes", "viewers"):
            equal(isinstance(opened[field], list), True, field)
        equal("entry" in opened, True, "entry")

    async def a_post_is_acknowledged_and_announced_to_the_other_side(self):
        self.candidate.heard.clear()
        ack = await self.post(self.candidate, "  Good morning  ")
        message = ack["message"]
        equal((message["body"], message["author"]["kind"], ack["duplicate"]), ("Good morning", "candidate", False), "ack")
        heard = await self.recruiter.until("message:posted", lambda p: p["message"]["id"] == message["id"])
        equal(f'id="m-{message["id"]}"' in heard["html"], True, "rendered")
        await self.candidate.done("message:history", conversation=self.conversation, limit=1)
        equal(self.candidate.count("message:posted"), 0, "heard by its sender")

    async def a_resent_message_keeps_its_seq_and_is_announced_once(self):
        client_id = new_id()
        first = await self.post(self.candidate, "Once", client_id=client_id)
        await self.recruiter.until("message:posted", lambda p: p["message"]["id"] == first["message"]["id"])
        self.recruiter.heard.clear()
        again = await self.post(self.candidate, "Once", client_id=client_id)
        equal((again["duplicate"], again["message"]["seq"]), (True, first["message"]["seq"]), "resent")
        await self.recruiter.done("message:history", conversation=self.conversation, limit=1)
        equal(self.recruiter.count("message:posted"), 0, "announced again")

    async def history_goes_on_in_both_directions(self):
        ask = self.candidate.done
        last = (await ask("message:history", conversation=self.conversation, limit=1))["last_seq"]
        after = await ask("message:history", conversation=self.conversation, after_seq=last - 2, limit=200)
        equal([m["seq"] for m in after["messages"]], [last - 1, last], "after")
        equal(after["has_more"], False, "has_more")
        before = await ask("message:history", conversation=self.conversation, before_seq=last, limit=1)
        equal([m["seq"] for m in before["messages"]], [last - 1], "before")

    async def what_cannot_be_parsed_is_answered_invalid(self):
        good = {"conversation": self.conversation, "client_id": new_id(), "body": "x"}
        code = self.candidate.code
        equal(await code("message:post", good | {"colour": "red"}), "invalid", "unknown field")
        equal(await code("message:post", good | {"body": 7}), "invalid", "wrong type")
        equal(await code("message:post", good | {"body": " "}), "invalid", "empty")
        equal(await code("message:post", good | {"body": "a\0b"}), "invalid", "NUL")
        equal(await code("message:post", good | {"body": "\ud800"}), "invalid", "lone surrogate")
        equal(await code("message:post", good | {"body": "x" * 10_001}), "too_large", "too long")
        equal(await code("message:post", good | {"body": b"x"}), "invalid", "attachment")
        equal(await code("message:post", [good]), "invalid", "array")
        equal(await code("message:post"), "invalid", "nothing")
        equal(await code("nothing:such", {}), "invalid", "unknown request")
        equal(await code("message:post", good | {"conversation": new_id()}), "not_found", "foreign")
        equal(await code("queue:next", {}), "forbidden", "not a candidate's")

    async def typing_is_told_to_the_others_and_ends_by_itself(self):
        self.candidate.heard.clear()
        await self.recruiter.done("typing:set", conversation=self.conversation, typing=True)
        await self.candidate.until("typing:changed", lambda p: p["typing"])
        await self.candidate.until("typing:changed", lambda p: not p["typing"])

    async def of_a_hundred_queue_next_at_once_exactly_one_gets_it(self):
        recruiter, project = self.recruiter, self.project
        while entries := (await recruiter.done("queue:overview", project=project, limit=200))["entries"]:
            for entry in entries:
                await recruiter.done("queue:claim", conversation=entry["conversation"], take_over=True)
                await recruiter.done("queue:resolve", conversation=entry["conversation"])
        message = (await self.post(self.candidate, "Is anybody there?"))["message"]
        sockets = [recruiter] + [await enter(self.transport, token=TOKEN) for _ in range(9)]
        answers = await asyncio.gather(*(sockets[i % 10].done("queue:next", project=project) for i in range(100)))
        winners = [answer for answer in answers if answer["entry"] is not None]
        equal([winner["entry"]["conversation"] for winner in winners], [self.conversation], "winners")
        recruiter.heard.clear()
        lease = winners[0]["lease"]["token"]
        await self.post(recruiter, "Yes", seen_seq=message["seq"], lease=lease)
        resolved = await recruiter.until("queue:changed", lambda p: p["reason"] == "resolved")
        equal(resolved["waiting"], 0, "waiting")
        for socket in sockets[1:]:
            await socket.close()

    async def a_thousand_posts_of_one_socket_keep_their_order(self):
        count, recruiter = 1_000, self.recruiter
        before = (await recruiter.done("message:history", conversation=self.conversation, limit=1))["last_seq"]
        self.candidate.heard.clear()
        seqs, finished = [], asyncio.Event()

        def acknowledged(ack):
            seqs.append(ack["message"]["seq"])
            if len(seqs) == count:
                finished.set()

        for number in range(count):
            payload = {
                "conversation": self.conversation, "client_id": new_id(), "body": f"Number {number}", "seen_seq": before,
            }
            await recruiter.client.emit("message:post", payload, namespace=NAMESPACE, callback=acknowledged)
        await asyncio.wait_for(finished.wait(), 60)
        wanted = list(range(before + 1, before + 1 + count))
        equal(seqs, wanted, "order of the acks")
        await self.candidate.until("message:posted", lambda p: p["message"]["seq"] == wanted[-1])
        heard = [p["message"]["seq"] for e, p in self.candidate.heard if e == "message:posted"]
        equal(sorted(heard), wanted, "announcements")

    async def who_comes_back_catches_up_without_a_gap(self):
        last = (await self.candidate.done("message:history", conversation=self.conversation, limit=1))["last_seq"]
        await self.candidate.close()
        for body in ("One", "Two", "Three"):
            await self.post(self.recruiter, body, seen_seq=last)
        self.candidate = await enter(self.transport, link=LINK)
        equal(self.candidate.ready["conversations"][0]["last_seq"], last + 3, "last_seq")
        missed = await self.candidate.done(
            "message:history", conversation=self.conversation, after_seq=last, limit=200
        )
        equal([m["body"] for m in missed["messages"]], ["One", "Two", "Three"], "bodies")
        await self.candidate.done("message:mark_read", conversation=self.conversation, seq=last + 3)

    async def an_announcement_reaches_the_candidate(self):
        posted = await self.recruiter.done(
            "announcement:post", project=self.project, client_id=new_id(), body="We moved"
        )
        seq = posted["announcement"]["seq"]
        await self.candidate.until("announcement:posted", lambda p: p["announcement"]["seq"] == seq)
        found = await self.candidate.done("announcement:history", project=self.project, after_seq=seq - 1, limit=10)
        equal([a["seq"] for a in found["announcements"]], [seq], "history")


async def main():
    passed = failed = 0
    for transport in TRANSPORTS:
        story = Story(transport)
        for name, step in list(vars(Story).items()):
            if name.startswith("_") or name == "post":
                continue
            try:
                await step(story)
                passed += 1
            except Exception as error:  # Whatever it is, the step has failed and the others go on.
                failed += 1
                print(f"FAILED python {transport}: {name}: {type(error).__name__} {error}")
        for socket in Socket.open_ones:
            await socket.close()
        Socket.open_ones.clear()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(asyncio.run(main()))
