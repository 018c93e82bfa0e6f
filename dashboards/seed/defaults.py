"""What the demo is made of when nothing else is asked for."""

#: Its organizations.
DEMO = ("halden", "brightwater")
CUSTOMERS = 8_000
BRIGHTWATER_CUSTOMERS = 400
SEED = 20261121
