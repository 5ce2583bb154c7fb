"""The soak: apps fall asleep and wake, thousands of times, under constant load, while one process after another is ended.

    load    visitors of every kind, who check every body and remember what failed, and when
    sleeps  puts the apps to sleep again and again; each time is a cycle
    deaths  ends a process every few seconds, and remembers when it was away
    checks  what must be true at the end

A request may fail only where its way led through something that was killed under it (`deaths.Away`). Everything else that
fails is told with what was going on, and fails the soak.
"""
