"""The wake path: answers the door's question "may this request pass?", wakes sleeping apps and puts idle ones to sleep.

    plugin ──/wake──▶ server ─▶ wake ─▶ rooms            directory ◀─ cluster.watch()
       ▲                          │                          │
       └──/table── table ◀────────┴──── what changed ────────┘
    runners ──check-in──▶ checkin ─▶ directory, cluster.report()      sleeper ─▶ gate, ask, scale to 0

One process, one event loop. All that is known of apps comes from the cluster and lives in `directory`; everything else
follows its changes. Neither control nor MongoDB is needed to wake an app.
"""
