#!/bin/bash
# Run by systemd at every boot of a production machine: takes over the fixed address, then fetches the newest image and runs it.
. /etc/charlie.env

INSTANCE_ID=`curl -s http://169.254.169.254/latest/meta-data/instance-id`

aws ec2 associate-address --instance-id $INSTANCE_ID --public-ip $PUBLIC_IP

docker login registry.gitlab.com -u $REGISTRY_USER -p $REGISTRY_PASSWORD
docker pull $IMAGE
docker rm -f tradebot 2>/dev/null
docker run -d --name tradebot --restart unless-stopped -p 8000:8000 -e MACHINE=$INSTANCE_ID $IMAGE
