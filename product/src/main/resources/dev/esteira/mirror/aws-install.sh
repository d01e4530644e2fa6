#!/bin/sh
# Stands in for the AWS CLI's installer: the CLI itself must be in the image already.
installed=$(command -v aws) || {
  echo "The AWS CLI could not be downloaded, and this image has none: use an image that has it." >&2
  exit 1
}
echo "You can now run: $installed --version"
