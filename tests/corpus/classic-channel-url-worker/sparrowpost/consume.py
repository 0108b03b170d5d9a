"""Takes messages off a Redis list and hands them to an SMTP relay."""
import argparse
import json
import os
import smtplib
from email.message import EmailMessage

import redis


def deliver(relay, item):
    mail = EmailMessage()
    mail["From"] = os.environ["MAIL_FROM"]
    mail["To"] = item["to"]
    mail["Subject"] = item["subject"]
    mail.set_content(item["text"])
    relay.send_message(mail)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--queue", default="mail")
    options = parser.parse_args()

    queue = redis.Redis.from_url(os.environ["REDIS_URL"])
    while True:
        _, raw = queue.blpop(options.queue)
        with smtplib.SMTP(os.environ["SMTP_HOST"], 587) as relay:
            deliver(relay, json.loads(raw))
