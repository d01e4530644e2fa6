# A VPC of two subnets with an instance in each, and an instance in the default VPC, all with
# elastic addresses; and a NAT gateway in the first subnet. Says what it made, a line each.
set -e

get() { aws ec2 "$@" --output text; }

# NAME ARGUMENTS...: an instance with an elastic address.
instance() {
  local name=$1 id allocation address
  shift
  id=$(get run-instances --image-id "$image" --instance-type t3.micro "$@" \
    --query 'Instances[0].InstanceId')
  echo id "$name" "$id"
  read -r allocation address <<< "$(get allocate-address --query '[AllocationId,PublicIp]')"
  aws ec2 wait instance-running --instance-ids "$id"
  aws ec2 associate-address --allocation-id "$allocation" --instance-id "$id" > /dev/null
  echo address "$name" "$address"
  echo address "$name.private" "$(get describe-instances --instance-ids "$id" \
    --query 'Reservations[0].Instances[0].PrivateIpAddress')"
}

# SUBNET NUMBER NAME: a subnet with a route table, an ACL and a group of its own.
part() {
  local subnet rtb acl old group way allocation address
  subnet=$(get create-subnet --vpc-id "$vpc" --cidr-block "10.60.$2.0/24" --query Subnet.SubnetId)
  group=$(get create-security-group --group-name "$3" --description x --vpc-id "$vpc" \
    --query GroupId)
  echo id "sg-$3" "$group"
  instance "$3" --subnet-id "$subnet" --security-group-ids "$group"
  rtb=$(get create-route-table --vpc-id "$vpc" --query RouteTable.RouteTableId)
  echo id "rtb-$1" "$rtb"
  get associate-route-table --route-table-id "$rtb" --subnet-id "$subnet" > /dev/null
  get create-route --route-table-id "$rtb" --destination-cidr-block 0.0.0.0/0 \
    --gateway-id "$igw" > /dev/null
  acl=$(get create-network-acl --vpc-id "$vpc" --query NetworkAcl.NetworkAclId)
  echo id "acl-$1" "$acl"
  for way in ingress egress; do
    aws ec2 create-network-acl-entry --network-acl-id "$acl" --$way --rule-number 1000 \
      --protocol -1 --rule-action allow --cidr-block 0.0.0.0/0
  done
  old=$(get describe-network-acls --filters "Name=association.subnet-id,Values=$subnet" \
    --query "NetworkAcls[0].Associations[?SubnetId=='$subnet'].NetworkAclAssociationId")
  get replace-network-acl-association --association-id "$old" --network-acl-id "$acl" > /dev/null
  if [ "$1" = first ]; then
    read -r allocation address <<< "$(get allocate-address --query '[AllocationId,PublicIp]')"
    echo address nat "$address"
    echo id nat "$(get create-nat-gateway --subnet-id "$subnet" --allocation-id "$allocation" \
      --query NatGateway.NatGatewayId)"
  fi
}

far() {
  local group
  group=$(get create-security-group --group-name "far-$RANDOM$RANDOM" --description x \
    --query GroupId)
  aws ec2 authorize-security-group-ingress --group-id "$group" --protocol all \
    --cidr 0.0.0.0/0 > /dev/null
  instance far --security-group-ids "$group"
}

image=$(get describe-images --owners amazon --query 'Images[0].ImageId')
vpc=$(get create-vpc --cidr-block 10.60.0.0/16 --query Vpc.VpcId)
igw=$(get create-internet-gateway --query InternetGateway.InternetGatewayId)
echo id igw "$igw"
aws ec2 attach-internet-gateway --vpc-id "$vpc" --internet-gateway-id "$igw"
echo id sg-default "$(get describe-security-groups --filters "Name=vpc-id,Values=$vpc" \
  Name=group-name,Values=default --query 'SecurityGroups[0].GroupId')"
made=$(mktemp -d)
far > "$made/far" & pids=$!
part first 1 web > "$made/first" & pids="$pids $!"
part second 2 db > "$made/second" & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
cat "$made"/*
rm -r "$made"
