#!/bin/sh
# Says which kind of end this was (halt, poweroff, reboot), for the house to act on.
echo "$1" > /var/lib/esteira/shutdown
