"""The web interface: pages for people, at the address of a node.

``page_routes`` the routes of all pages                           ``asking``     what a page is given, and what it answers
``addresses``   objects as parts of an address                    ``rendering``  templates, and what all of them may use
``wording``     numbers, sizes and times as people read them      ``notes``      what is said on the page after the next click
``assets``      scripts and styles that browsers load             ``live``       what runs, as a stream of events
``charts``      SVG pictures, drawn here                          ``paging``     lists in parts, and in an order
``attachments`` answers that browsers save as files               ``job_answers`` what a form has started, when it is soon done
``building``    the form of Build, from its texts to a training

Beside them one module for each item of the menu. Pages ask the session, never the services behind it; what they change, they
change by a form (POST), whose answer is another page. Without scripts everything works but what moves.
"""
