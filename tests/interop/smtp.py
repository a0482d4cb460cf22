"""A mail server for the tests. Prints each mail that it takes as a line of JSON, and whether it listens.

    smtp.py PORT FILE      what stands in FILE is its answer to each recipient; it takes the mail where that is nothing
"""

import asyncio
import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, answer = int(sys.argv[1]), pathlib.Path(sys.argv[2])


def say(line):
    print(json.dumps(line), flush=True)


class Post:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = answer.read_text().strip()
        if refusal:
            say({"refused": address})
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": [[name.lower(), str(value)] for name, value in mail.items()],
                "text": mail.get_content(),
            }
        )
        return "250 Taken"


async def serve():
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            Post(),
            enable_SMTPUTF8=True,
            hostname="mail.test",
            # Whoever comes with a name and a password is believed; nobody has to.
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=False,
        ),
        "127.0.0.1",
        port,
    )
    say({"listens": True})
    await server.serve_forever()


asyncio.run(serve())
