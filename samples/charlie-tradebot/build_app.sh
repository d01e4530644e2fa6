#!/bin/bash
# Builds the image of the bot and pushes it to the project's registry.
set -e

export `grep GROUP_NAME names.txt`
export `grep PROJECT_NAME names.txt`
export `grep IMAGE_NAME names.txt`

IMAGE=registry.gitlab.com/$GROUP_NAME/$PROJECT_NAME/$IMAGE_NAME

docker image build -t $IMAGE .
docker push $IMAGE
