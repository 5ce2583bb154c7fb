"""The wire: one msgspec struct for each request and response body of the HTTP API.

The server encodes these, the client decodes them, and OpenAPI is generated from them, so the three cannot drift
apart. Fields may be added, never renamed. Times are RFC 3339 in UTC, ids are short lower-case strings, lists are
`{items, next}` where `next` is the `cursor` of the following page or null.
"""
