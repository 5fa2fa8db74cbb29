"""What a release takes: ``make release VERSION=1.2.3``, described in ``docs/versions.md``.

``places`` knows the files that name the version, ``changelog`` the sections of the changelog, ``steps`` what is done one
after the other; ``conda`` has the recipe of the conda package.
"""
