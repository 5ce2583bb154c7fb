"""What runs apps. `base` is the contract; `local` keeps it with processes on this machine, `kubernetes` with pods."""
