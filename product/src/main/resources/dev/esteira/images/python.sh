# The image "python:3": python3 and pip as in the official image, on Debian's packages.
. "$RECIPE/common.sh"

trust_as_the_host_does
let_pip_install

# The wheels of the usual small service, so that "pip install Flask gunicorn" needs no network.
mkdir -p "$root/opt/wheels"
if in_root pip download --quiet --dest /opt/wheels Flask gunicorn; then
  echo "I: kept $(ls "$root/opt/wheels" | wc -l) wheels for use without a network"
else
  echo "I: the package index cannot be reached: Flask and gunicorn are not in the image"
fi

leave_out_what_no_job_reads
