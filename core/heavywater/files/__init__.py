"""Files and folders that are written, and their names.

- `names`: keys of objects, and the names of files made from them.
- `reading`: files that are read as a whole.
- `writing`: the one writer of files and folders; the old or the new content stands there, never anything else.
- `workplace`: the hidden folder beside a file in which its new content is made, with a lock.
- `attributes`: rights and owners, folders that are made, what is known to be on the disk.
"""

from .names import absolute, check_key, file_for, file_name, path_for, working_folder
from .reading import existing_file, named_file, naming
from .writing import new_file, new_folder

__all__ = [
    "absolute",
    "check_key",
    "existing_file",
    "file_for",
    "file_name",
    "named_file",
    "naming",
    "new_file",
    "new_folder",
    "path_for",
    "working_folder",
]
