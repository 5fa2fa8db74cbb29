"""Files and folders that are written, and their names.

- `names`: keys of objects, and the names of files made from them.
- `writing`: the one writer of files and folders; the old or the new content stands there, never anything else.
- `workplace`: the hidden folder beside a file in which its new content is made, with a lock.
- `attributes`: rights and owners, folders that are made, what is known to be on the disk.
"""

from .names import check_key, file_name, path_for
from .writing import new_file, new_folder

__all__ = ["check_key", "file_name", "new_file", "new_folder", "path_for"]
