package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.aws.SsmParameters.Parameter;
import dev.esteira.aws.SsmParameters.Version;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The parameter store of Systems Manager: what scripts and user data keep settings in, and the
 * public parameters by which they find machine images. Nothing else of that service.
 */
public final class SsmFeature extends AwsFeature {
  private static final Pattern NAME = Pattern.compile("/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,14}");
  private static final int VALUE_CHARS_MAX = 8 << 10;
  private static final int PAGE = 10;
  private static final int LIST_PAGE = 50;
  private static final String DEFAULT_KEY = "alias/aws/ssm";
  private static final String SECURE = "SecureString";

  private final SsmParameters parameters;
  private final Access access;
  private final InstantSource clock;

  public SsmFeature(Ledger ledger, SecretBox box, Access access, InstantSource clock) {
    this.parameters = new SsmParameters(ledger, box);
    this.access = access;
    this.clock = clock;
  }

  /** The present value of a parameter, by its name or ARN; for jobs that are to have it. */
  public Optional<String> value(String asked) {
    String name = named(asked);
    return parameters
        .get(name)
        .or(() -> parameters.get(name.replaceFirst("^/", "")))
        .map(parameter -> parameter.latest().value());
  }

  private static String named(String asked) {
    return asked.startsWith("arn:") ? asked.replaceFirst("^arn:.*?:parameter", "") : asked;
  }

  @Override
  String service() {
    return "ssm";
  }

  @Override
  String model() {
    return "ssm";
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> all = new HashMap<>();
    all.put("PutParameter", this::put);
    all.put("GetParameter", this::get);
    all.put("GetParameters", this::getSeveral);
    all.put("GetParametersByPath", this::getByPath);
    all.put("GetParameterHistory", this::history);
    all.put("DescribeParameters", this::describe);
    all.put("DeleteParameter", this::delete);
    all.put("DeleteParameters", this::deleteSeveral);
    all.put("AddTagsToResource", this::tag);
    all.put("RemoveTagsFromResource", this::tag);
    all.put("ListTagsForResource", this::tags);
    return all;
  }

  private ObjectNode put(Call call) {
    String name = call.text("Name");
    boolean reserved = name.matches("(?i)/?(aws|ssm).*");
    if (reserved || !NAME.matcher(name).matches()) {
      throw invalid(
          "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive), and must"
              + " consist of symbols a-zA-Z0-9_.- in at most 15 levels: '"
              + name
              + "'");
    }
    String value = call.text("Value");
    if (value.isEmpty() || value.length() > VALUE_CHARS_MAX) {
      throw invalid("a value has 1 to " + VALUE_CHARS_MAX + " characters");
    }
    Optional<Parameter> known = parameters.get(name);
    String type =
        call.optional("Type")
            .or(() -> known.map(each -> each.latest().type()))
            .orElseThrow(() -> invalid("A parameter type is required when you create a parameter"));
    Parameter like =
        new Parameter(
            name,
            call.optional("Description").or(() -> known.map(Parameter::description)).orElse(""),
            call.optional("DataType").orElse("text"),
            call.optional("Tier").orElse("Standard"),
            IamFeature.tags(call),
            List.of());
    String key = type.equals(SECURE) ? call.optional("KeyId").orElse(DEFAULT_KEY) : "";
    String by = Arns.principal(access.accountId(), call.caller().principal());
    int number =
        parameters.put(
            like, new Version(0, type, value, key, clock.instant(), by), call.flag("Overwrite"));
    return Json.object().put("Version", number).put("Tier", like.tier());
  }

  private static AwsException invalid(String text) {
    return new AwsException("ValidationException", 400, text);
  }

  private static AwsException missing(String text) {
    return new AwsException("ParameterNotFound", 400, text);
  }

  /** A value as it is, or, for a secret that is not asked for, as nobody can read it. */
  private ObjectNode shown(Parameter parameter, Version version, Call call) {
    ObjectNode shown = Json.object().put("Name", parameter.name()).put("Type", version.type());
    boolean secret = version.type().equals(SECURE);
    boolean hidden = secret && !call.flag("WithDecryption");
    if (secret && !hidden && call.caller().isJob()) {
      access.handed(call.caller().principal(), version.value());
    }
    shown.put(
        "Value",
        hidden ? Json.object().put("sealed", version.number()).toString() : version.value());
    shown.put("Version", version.number()).put("LastModifiedDate", version.at().toString());
    shown.put("ARN", arn(parameter.name())).put("DataType", parameter.dataType());
    return shown;
  }

  private String arn(String name) {
    String account = name.startsWith(SsmParameters.PUBLIC) ? "" : access.accountId();
    return "arn:aws:ssm:us-east-1:"
        + account
        + ":parameter"
        + (name.startsWith("/") ? "" : "/")
        + name;
  }

  /** By {@code NAME}, {@code NAME:VERSION} or an ARN. */
  private Optional<ObjectNode> found(String asked, Call call) {
    String name = named(asked);
    int colon = name.lastIndexOf(':');
    String plain = colon < 0 ? name : name.substring(0, colon);
    Optional<Parameter> parameter =
        parameters.get(plain).or(() -> parameters.get(plain.replaceFirst("^/", "")));
    if (colon < 0) {
      return parameter.map(each -> shown(each, each.latest(), call));
    }
    String selector = name.substring(colon + 1);
    return parameter
        .filter(_ -> selector.matches("[0-9]{1,9}"))
        .flatMap(each -> each.version(Integer.parseInt(selector)).map(v -> shown(each, v, call)))
        .map(each -> each.put("Selector", ":" + selector));
  }

  private ObjectNode get(Call call) {
    String name = call.text("Name");
    ObjectNode answer = Json.object();
    answer.set(
        "Parameter",
        found(name, call)
            .orElseThrow(() ->
                missing(
                    "there is no parameter '"
                        + name
                        + "'"
                        + (name.startsWith(SsmParameters.PUBLIC)
                            ? "; public parameters are known for images of Amazon Linux, Ubuntu and"
                                + " Debian on x86_64"
                            : ""))));
    return answer;
  }

  private ObjectNode getSeveral(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode found = answer.putArray("Parameters");
    ArrayNode missing = answer.putArray("InvalidParameters");
    for (String name : call.texts("Names")) {
      found(name, call).ifPresentOrElse(found::add, () -> missing.add(name));
    }
    return answer;
  }

  private ObjectNode getByPath(Call call) {
    String path = call.text("Path");
    if (!path.startsWith("/")) {
      throw invalid("The parameter doesn't meet the parameter name requirements: '" + path + "'");
    }
    String under = path.endsWith("/") ? path : path + "/";
    List<Parameter> all =
        parameters.under(under).stream()
            .filter(each -> call.flag("Recursive") || each.name().indexOf('/', under.length()) < 0)
            .toList();
    Page<Parameter> page = Page.of(call, "MaxResults", "NextToken", all, PAGE);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Parameters");
    page.items().forEach(each -> list.add(shown(each, each.latest(), call)));
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private ObjectNode history(Call call) {
    Parameter parameter =
        parameters
            .get(call.text("Name"))
            .orElseThrow(() -> missing("there is no parameter '" + call.text("Name") + "'"));
    Page<Version> page = Page.of(call, "MaxResults", "NextToken", parameter.versions(), LIST_PAGE);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Parameters");
    page.items()
        .forEach(each -> {
          ObjectNode shown = shown(parameter, each, call);
          list.add(shown.put("LastModifiedUser", each.by()).put("Tier", parameter.tier()));
        });
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private ObjectNode describe(Call call) {
    List<Parameter> all = parameters.under("").stream().filter(each -> chosen(each, call)).toList();
    Page<Parameter> page = Page.of(call, "MaxResults", "NextToken", all, LIST_PAGE);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Parameters");
    page.items()
        .forEach(each -> {
          ObjectNode shown = list.addObject().put("Name", each.name()).put("ARN", arn(each.name()));
          shown.put("Type", each.latest().type()).put("Version", each.latest().number());
          shown.put("LastModifiedDate", each.latest().at().toString());
          shown.put("LastModifiedUser", each.latest().by()).put("DataType", each.dataType());
          shown.put("Tier", each.tier());
          if (!each.description().isEmpty()) {
            shown.put("Description", each.description());
          }
          if (!each.latest().keyId().isEmpty()) {
            shown.put("KeyId", each.latest().keyId());
          }
        });
    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
    return answer;
  }

  private static boolean chosen(Parameter parameter, Call call) {
    for (String member : List.of("Filters", "ParameterFilters")) {
      for (JsonNode filter : call.input().path(member)) {
        String key = filter.path("Key").asText();
        String option = filter.path("Option").asText("");
        boolean any = false;
        for (JsonNode value : filter.path("Values")) {
          any |= matches(parameter, key, option, value.asText());
        }
        if (!any) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean matches(Parameter parameter, String key, String option, String value) {
    String name = parameter.name();
    return switch (key) {
      case "Name" ->
          option.equals("Contains")
              ? name.contains(value)
              : option.equals("Equals") ? name.equals(value) : name.startsWith(value);
      case "Path" -> name.startsWith(value.endsWith("/") ? value : value + "/");
      case "Type" -> parameter.latest().type().equals(value);
      case "KeyId" -> parameter.latest().keyId().equals(value);
      case "Tier" -> parameter.tier().equals(value);
      case "DataType" -> parameter.dataType().equals(value);
      default -> {
        if (!key.startsWith("tag:")) {
          throw new AwsException(
              "InvalidFilterKey", 400, "esteira does not support the filter '" + key + "'");
        }
        yield value.equals(parameter.tags().get(key.substring("tag:".length())));
      }
    };
  }

  private ObjectNode delete(Call call) {
    if (!parameters.delete(call.text("Name"))) {
      throw missing("there is no parameter '" + call.text("Name") + "'");
    }
    return Json.object();
  }

  private ObjectNode deleteSeveral(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode deleted = answer.putArray("DeletedParameters");
    ArrayNode missing = answer.putArray("InvalidParameters");
    call.texts("Names").forEach(name -> (parameters.delete(name) ? deleted : missing).add(name));
    return answer;
  }

  private ObjectNode tag(Call call) {
    parameter(call);
    Map<String, String> set = new TreeMap<>(IamFeature.tags(call));
    if (!parameters.tag(call.text("ResourceId"), set, call.texts("TagKeys"))) {
      throw noResource(call);
    }
    return Json.object();
  }

  private ObjectNode tags(Call call) {
    parameter(call);
    Parameter found = parameters.get(call.text("ResourceId")).orElseThrow(() -> noResource(call));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TagList");
    new TreeMap<>(found.tags())
        .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    return answer;
  }

  private static void parameter(Call call) {
    if (!call.text("ResourceType").equals("Parameter")) {
      throw new AwsException(
          "InvalidResourceType", 400, "esteira has no resources but parameters here");
    }
  }

  private static AwsException noResource(Call call) {
    return new AwsException(
        "InvalidResourceId", 400, "there is no parameter '" + call.text("ResourceId") + "'");
  }
}
