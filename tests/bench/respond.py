"""The engine alone: the turns of a landing, over and over."""

import time

from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.engine import respond
from bot.core.turn import Chose, Commanded, PauseOver, Said
from bot.flows import FLOWS
from bot.runtime import content
from bot.wiring import utc_now


def per_second(seconds: float = 2.0) -> float:
    """Turns a second: a command, three presses, a timer, a typed word."""
    context = Context(utc_now(), content.read().library, "sv")
    conversation = Conversation(serial=1)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for choice in ("", "calm", "over", "done", "say"):
            match choice:
                case "":
                    turn = Commanded("")
                case "over":
                    turn = PauseOver(conversation.serial)
                case "say":
                    turn = Said("andas")
                case _:
                    turn = Chose(choice, conversation.serial)
            conversation = respond(conversation, turn, context, FLOWS).conversation
            count += 1
    return count / (time.perf_counter() - began)
