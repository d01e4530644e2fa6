package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.Certificates.Certificate;
import dev.esteira.edge.elb.LoadBalancers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The calls of the Certificate Manager: the home's authority signs at once. */
public final class AcmFeature extends AwsFeature {
  private final LoadBalancers balancers;
  private final Certificates certificates;
  private final Access access;
  private final InstantSource clock;

  /** {@code balancers} are those that use certificates. */
  public AcmFeature(
      LoadBalancers balancers, Certificates certificates, Access access, InstantSource clock) {
    this.balancers = balancers;
    this.certificates = certificates;
    this.access = access;
    this.clock = clock;
  }

  @Override
  String service() {
    return "acm";
  }

  @Override
  String model() {
    return "acm";
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("RequestCertificate", this::request);
    operations.put("ImportCertificate", this::bring);
    operations.put("DescribeCertificate", this::describe);
    operations.put("GetCertificate", this::get);
    operations.put("ListCertificates", this::list);
    operations.put("DeleteCertificate", this::delete);
    operations.put("ListTagsForCertificate", this::tags);
    operations.put("AddTagsToCertificate", this::addTags);
    operations.put("RemoveTagsFromCertificate", this::removeTags);
    return operations;
  }

  private String arn(Call call) {
    return "arn:aws:acm:%s:%s:certificate/%s"
        .formatted(call.caller().region(), access.accountId(), UUID.randomUUID());
  }

  private static Map<String, String> read(JsonNode tags) {
    Map<String, String> read = new TreeMap<>();
    tags.forEach(tag -> read.put(tag.path("Key").asText(), tag.path("Value").asText("")));
    return read;
  }

  private ObjectNode request(Call call) {
    List<String> names = new ArrayList<>(List.of(call.text("DomainName")));
    call.texts("SubjectAlternativeNames").stream()
        .filter(name -> !names.contains(name))
        .forEach(names::add);
    for (String name : names) {
      if (!name.matches("(\\*\\.)?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*")) {
        throw new AwsException(
            "ValidationException", 400, "'" + name + "' is not a valid domain name");
      }
    }
    Certificate made =
        certificates.issue(arn(call), names, read(call.input().path("Tags")), clock.instant());
    return Json.object().put("CertificateArn", made.arn());
  }

  private ObjectNode bring(Call call) {
    String pem = blob(call, "Certificate");
    String chain =
        call.optional("CertificateChain").isPresent() ? blob(call, "CertificateChain") : "";
    String arn = call.optional("CertificateArn").orElseGet(() -> arn(call));
    if (call.optional("CertificateArn").isPresent()) {
      existing(arn);
    }
    try {
      Certificate wanted =
          new Certificate(
              arn,
              List.of("-"),
              true,
              pem,
              chain,
              read(call.input().path("Tags")),
              clock.instant());
      Certificate named =
          new Certificate(
              arn, names(wanted.parsed()), true, pem, chain, wanted.tags(), clock.instant());
      certificates.bring(named, blob(call, "PrivateKey"));
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.INVALID || e.code() == ErrorCode.LIMIT) {
        throw new AwsException("ValidationException", 400, e.text());
      }
      throw e;
    }
    return Json.object().put("CertificateArn", arn);
  }

  private static String blob(Call call, String member) {
    try {
      return new String(Base64.getDecoder().decode(call.text(member)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new AwsException("ValidationException", 400, member + " is not base64");
    }
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      if (certificate.getSubjectAlternativeNames() != null) {
        certificate
            .getSubjectAlternativeNames()
            .forEach(each -> names.add(String.valueOf(each.get(1))));
      }
    } catch (CertificateParsingException e) {
      throw new AwsException("ValidationException", 400, "names of the certificate: " + e);
    }
    if (names.isEmpty()) {
      names.add(
          certificate.getSubjectX500Principal().getName().replaceFirst("(.*,)?CN=([^,]*).*", "$2"));
    }
    return names;
  }

  private Certificate existing(String arn) {
    return certificates
        .find(arn)
        .orElseThrow(() ->
            new AwsException(
                "ResourceNotFoundException", 400, "Could not find certificate " + arn + "."));
  }

  private Certificate existing(Call call) {
    return existing(call.text("CertificateArn"));
  }

  private ObjectNode describe(Call call) {
    Certificate certificate = existing(call);
    X509Certificate parsed = certificate.parsed();
    ObjectNode answer = Json.object();
    ObjectNode shown = answer.putObject("Certificate");
    shown
        .put("CertificateArn", certificate.arn())
        .put("DomainName", certificate.names().getFirst());
    certificate.names().forEach(shown.putArray("SubjectAlternativeNames")::add);
    shown.put("Serial", parsed.getSerialNumber().toString(16));
    shown.put("Subject", parsed.getSubjectX500Principal().getName());
    shown.put("Issuer", parsed.getIssuerX500Principal().getName());
    shown.put("CreatedAt", certificate.createdAt().toString());
    shown.put(certificate.imported() ? "ImportedAt" : "IssuedAt", "" + certificate.createdAt());
    shown.put("Status", "ISSUED");
    shown.put("NotBefore", parsed.getNotBefore().toInstant().toString());
    shown.put("NotAfter", parsed.getNotAfter().toInstant().toString());
    shown.put("KeyAlgorithm", algorithm(parsed));
    shown.put("Type", certificate.imported() ? "IMPORTED" : "AMAZON_ISSUED");
    usersOf(certificate).forEach(shown.putArray("InUseBy")::add);
    if (!certificate.imported()) {
      ArrayNode validations = shown.putArray("DomainValidationOptions");
      certificate
          .names()
          .forEach(name ->
              validations
                  .addObject()
                  .put("DomainName", name)
                  .put("ValidationDomain", name)
                  .put("ValidationStatus", "SUCCESS")
                  .put("ValidationMethod", "DNS"));
    }
    return answer;
  }

  /** The load balancers that have a listener with it. */
  private List<String> usersOf(Certificate certificate) {
    return balancers.view().listeners().stream()
        .filter(listener -> listener.certificates().contains(certificate.arn()))
        .map(LoadBalancers.Listener::loadBalancerArn)
        .distinct()
        .toList();
  }

  private static String algorithm(X509Certificate certificate) {
    return certificate.getPublicKey().getAlgorithm().equals("RSA") ? "RSA_2048" : "EC_prime256v1";
  }

  private ObjectNode get(Call call) {
    Certificate certificate = existing(call);
    return Json.object()
        .put("Certificate", certificate.certificatePem())
        .put("CertificateChain", certificate.chainPem());
  }

  private ObjectNode list(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("CertificateSummaryList");
    Page<Certificate> page = Page.of(call, "MaxItems", "NextToken", certificates.all(), 1_000);
    for (Certificate each : page.items()) {
      list.addObject()
          .put("CertificateArn", each.arn())
          .put("DomainName", each.names().getFirst())
          .put("Status", "ISSUED")
          .put("Type", each.imported() ? "IMPORTED" : "AMAZON_ISSUED");
    }
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private ObjectNode delete(Call call) {
    Certificate certificate = existing(call);
    try {
      certificates.delete(certificate.arn());
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.CONFLICT) {
        throw new AwsException("ResourceInUseException", 400, e.text());
      }
      throw e;
    }
    return Json.object();
  }

  private ObjectNode tags(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Tags");
    existing(call)
        .tags()
        .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    return answer;
  }

  private ObjectNode addTags(Call call) {
    Certificate before = existing(call);
    Map<String, String> next = new TreeMap<>(before.tags());
    next.putAll(read(call.input().path("Tags")));
    certificates.record(tagged(before, next));
    return Json.object();
  }

  private ObjectNode removeTags(Call call) {
    Certificate before = existing(call);
    Map<String, String> next = new TreeMap<>(before.tags());
    next.keySet().removeAll(read(call.input().path("Tags")).keySet());
    certificates.record(tagged(before, next));
    return Json.object();
  }

  private static Certificate tagged(Certificate before, Map<String, String> tags) {
    return new Certificate(
        before.arn(),
        before.names(),
        before.imported(),
        before.certificatePem(),
        before.chainPem(),
        tags,
        before.createdAt());
  }
}
