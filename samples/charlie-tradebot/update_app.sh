#!/bin/bash
# Ends the machines that run the old version: the Auto Scaling group starts new ones, which fetch the new image at boot.
set -e

export `grep INSTANCE_NAME names.txt`

INSTANCE_IDS=$(aws ec2 describe-instances --filters "Name=tag:Name,Values=$INSTANCE_NAME" --output text --query 'Reservations[*].Instances[*].InstanceId')

aws ec2 terminate-instances --instance-id $INSTANCE_IDS
