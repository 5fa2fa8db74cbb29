#!/bin/sh
# AddressSanitizer and UndefinedBehaviorSanitizer over the tests of what is compiled, in a build of its own under build/sanitize.
# Usage: tests/engine/sanitize.sh [pytest arguments]     PYTHON names the interpreter, default: python3.
set -eu
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
out=build/sanitize

# Tracking variables for the debugger would take most of the compile time of the unrolled kernels.
CFLAGS="${CFLAGS:-} -fno-var-tracking" HEAVYWATER_BUILD=sanitize \
    "$python" setup.py --quiet build --build-base "$out" --build-lib "$out/lib" --build-temp "$out/temp"

preload=
for library in libasan.so libubsan.so; do
    path=$(${CC:-gcc} -print-file-name="$library")
    case $path in
        /*) preload="$preload $path" ;;
        *) echo "sanitize.sh: the compiler has no $library; Debian: apt-get install gcc libgcc-12-dev" >&2; exit 1 ;;
    esac
done

# The interpreter itself is not instrumented: its leaks are not ours, its small-object allocator would hide our overruns.
export ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=99:$(printenv ASAN_OPTIONS || true)"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
export PYTHONMALLOC=malloc PYTHONPATH="$PWD/$out/lib" LD_PRELOAD="$preload"

"$python" - "$out" <<'END'
import sys
from heavywater.engine import _net32, _net64, _ring
from heavywater.frame.columns import _counting, _exact_sums, _row_major
for module in (_net32, _net64, _ring, _counting, _exact_sums, _row_major):
    if sys.argv[1] not in module.__file__:
        sys.exit(f"sanitize.sh: {module.__file__} would be tested, which is not the build in {sys.argv[1]}")
END
exec "$python" -X faulthandler -m pytest -p no:cacheprovider tests/engine tests/frame/columns/test_exact_sums.py tests/frame/columns/test_row_major.py tests/frame/columns/test_counting.py "$@"
