"""The door of our own clients: ``POST /rpc/1/{operation}``, with messages of a session or in JSON.

``door``  its routes     ``rpc_json``  values in JSON     ``rpc_document``  what can be asked, as OpenAPI document
"""
