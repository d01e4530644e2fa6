terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
variable "endpoint" {}
provider "aws" {
  region = "us-east-1"
  skip_metadata_api_check = true
  endpoints {
    ec2 = var.endpoint
    sts = var.endpoint
  }
}
data "aws_availability_zones" "all" { state = "available" }
resource "aws_vpc" "main" {
  cidr_block = "10.40.0.0/16"
  enable_dns_hostnames = true
  tags = { Name = "main" }
}
resource "aws_subnet" "a" {
  vpc_id = aws_vpc.main.id
  cidr_block = "10.40.1.0/24"
  availability_zone = data.aws_availability_zones.all.names[0]
  map_public_ip_on_launch = true
  tags = { Name = "a" }
}
resource "aws_internet_gateway" "gw" {
  vpc_id = aws_vpc.main.id
  tags = { Name = "gw" }
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gw.id
  }
  tags = { Name = "public" }
}
resource "aws_route_table_association" "a" {
  subnet_id = aws_subnet.a.id
  route_table_id = aws_route_table.public.id
}
resource "aws_security_group" "web" {
  name = "web"
  description = "web servers"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port = 80
    to_port = 80
    protocol = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
    description = "http"
  }
  egress {
    from_port = 0
    to_port = 0
    protocol = "-1"
    cidr_blocks = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  tags = { Name = "web" }
}
resource "aws_security_group" "db" {
  name_prefix = "db-"
  vpc_id = aws_vpc.main.id
}
resource "aws_security_group_rule" "db" {
  type = "ingress"
  from_port = 5432
  to_port = 5432
  protocol = "tcp"
  security_group_id = aws_security_group.db.id
  source_security_group_id = aws_security_group.web.id
}
resource "aws_vpc_security_group_ingress_rule" "ping" {
  security_group_id = aws_security_group.db.id
  ip_protocol = "icmp"
  from_port = 8
  to_port = -1
  cidr_ipv4 = "10.40.0.0/16"
  tags = { Name = "ping" }
}
resource "aws_network_acl" "a" {
  vpc_id = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]
  ingress {
    rule_no = 100
    action = "allow"
    protocol = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port = 80
    to_port = 80
  }
  egress {
    rule_no = 100
    action = "allow"
    protocol = "-1"
    cidr_block = "0.0.0.0/0"
    from_port = 0
    to_port = 0
  }
  tags = { Name = "a" }
}
data "aws_vpc" "standard" { default = true }
data "aws_subnets" "standard" {
  filter {
    name = "vpc-id"
    values = [data.aws_vpc.standard.id]
  }
}
output "standard" { value = sort(data.aws_subnets.standard.ids) }
