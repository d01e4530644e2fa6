terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "endpoint" {}
variable "image" {}
provider "aws" {
  region = "us-east-1"
  skip_credentials_validation = true
  endpoints {
    ec2 = var.endpoint
    autoscaling = var.endpoint
    elbv2 = var.endpoint
    ecr = var.endpoint
    sts = var.endpoint
    iam = var.endpoint
  }
}
data "aws_vpc" "default" { default = true }
data "aws_subnets" "all" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
resource "aws_ecr_repository" "app" { name = "tf/app" }
resource "aws_security_group" "web" {
  name   = "tf-web"
  vpc_id = data.aws_vpc.default.id
  ingress {
    from_port = 80
    to_port = 80
    protocol = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port = 0
    to_port = 0
    protocol = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_launch_template" "web" {
  name_prefix   = "tf-web-"
  image_id      = var.image
  instance_type = "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data = base64encode("#!/bin/bash\necho made by terraform > /var/www/html/index.html\n")
  tag_specifications {
    resource_type = "instance"
    tags = { Name = "tf-web" }
  }
}
resource "aws_lb_target_group" "web" {
  name     = "tf-web"
  port     = 80
  protocol = "HTTP"
  vpc_id   = data.aws_vpc.default.id
  health_check {
    path = "/"
    interval = 5
    timeout = 2
    healthy_threshold = 2
  }
}
resource "aws_lb" "web" {
  name               = "tf-web"
  load_balancer_type = "application"
  security_groups    = [aws_security_group.web.id]
  subnets            = data.aws_subnets.all.ids
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_autoscaling_group" "web" {
  name                = "tf-web"
  min_size            = 1
  max_size            = 2
  desired_capacity    = 1
  vpc_zone_identifier = data.aws_subnets.all.ids
  target_group_arns   = [aws_lb_target_group.web.arn]
  health_check_type   = "ELB"
  health_check_grace_period = 30
  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }
  tag {
    key                 = "team"
    value               = "tf"
    propagate_at_launch = true
  }
}
