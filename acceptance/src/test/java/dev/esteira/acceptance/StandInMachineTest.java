package dev.esteira.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts that name somebody else's machine image and set its machine up in that system's words.
 */
@Tag("system")
class StandInMachineTest {
  private static final Duration LIMIT = Duration.ofMinutes(6);

  @TempDir Path directory;

  /** Amazon Linux installs with yum, calls its Apache httpd, and starts nothing by itself. */
  @Test
  void userDataOfAnotherSystemServes() {
    TestHouse.shared().client(directory).bash(LIMIT, SCRIPT).orFail();
  }

  private static final String SCRIPT =
      """
      set -euo pipefail
      cat > user-data <<'END'
      #!/bin/bash
      test ! -e /usr/sbin/nginx && ! ss -ltn | grep -q ':80 ' && touch /root/silent-before
      yum update -y
      yum install -y httpd docker such-a-package-there-is-not
      amazon-linux-extras install -y docker
      usermod -a -G docker ec2-user
      chown -R apache:apache /var/www
      service httpd start
      chkconfig httpd on
      echo "served by httpd, silent before: $(ls /root/silent-before)" > /var/www/html/index.html
      END
      G=stand-in-$RANDOM
      group=$(aws ec2 create-security-group --group-name $G --description web --output text \\
        --query GroupId)
      aws ec2 authorize-security-group-ingress --group-id $group --protocol tcp --port 80 \\
        --cidr 0.0.0.0/0
      id=$(aws ec2 run-instances --image-id ami-0c02fb55956c7d316 --instance-type t2.micro \\
        --user-data file://user-data --security-group-ids $group --output text \\
        --query 'Instances[0].InstanceId')
      aws ec2 wait instance-running --instance-ids $id
      address=$(aws ec2 describe-instances --instance-ids $id --output text \\
        --query 'Reservations[0].Instances[0].PublicIpAddress')
      for _ in $(seq 300); do
        curl -s -m 3 --noproxy '*' http://$address/ > page && grep -q httpd page && break
        sleep 0.5
      done
      console=$(aws ec2 get-console-output --instance-id $id --output text)
      aws ec2 terminate-instances --instance-ids $id
      grep 'silent before: /root/silent-before' page || { echo "$console"; exit 1; }
      grep 'ami-0c02fb55956c7d316: Stand-in for an image that is not in this house' <<< "$console"
      grep 'No package such-a-package-there-is-not available' <<< "$console"
      """;
}
