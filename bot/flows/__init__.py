"""Every conversation there is. A new one is a module here and its name in this list."""

from bot.flows import (
    after,
    air,
    colour,
    guided,
    home,
    land,
    menu,
    people,
    practice,
    privacy,
    settings,
    support,
    threat,
    welcome,
)

FLOWS = {
    module.FLOW.name: module.FLOW
    for module in (
        land,
        guided,
        after,
        practice,
        air,
        people,
        colour,
        home,
        support,
        threat,
        menu,
        privacy,
        settings,
        welcome,
    )
}
