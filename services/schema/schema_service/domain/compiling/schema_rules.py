"""What compiling finds of schemas that are almost right, and of values that none of them allows."""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SCHEMA_IS_TYPE = Rule(
    "schema.schema_is_type",
    WARNING,
    "Only a type is written here; it was read as type: {kind}",
    "Write type: {kind} on a line of its own below the name.",
)
SCHEMA_NOT_AN_OBJECT = Rule(
    "schema.schema_not_an_object",
    ERROR,
    "This says not what the value is: {found} stands where members such as type belong; "
    "any value is accepted",
    "Write type: and one of string, number, integer, boolean, array and object below the name.",
)
MEMBER_BESIDE_TYPE = Rule(
    "schema.member_beside_type",
    WARNING,
    "{name} stands {place}, where it means nothing; it was read as a property",
    "Put the fields of an object below properties.",
)
SCHEMA_IN_SCHEMA = Rule(
    "schema.schema_in_schema",
    WARNING,
    "schema stands in a schema itself, where it means nothing; what it holds was read in its place",
    "Remove the line with schema, and move what stands below it to where that stood.",
)
SCHEMA_BELOW_SCHEMA = Rule(
    "schema.schema_below_schema",
    WARNING,
    "schema stands in a schema itself, where it means nothing; any value is accepted",
    "Move what stands below it to where the outer one stands: schema: {meant}.",
)
MEMBER_BESIDE_ITSELF = Rule(
    "schema.member_beside_itself",
    WARNING,
    "{name} stands in the schema itself, where it means nothing, and once more below properties, "
    "where it was read",
    "Remove the one that stands outside properties, or give it a name of its own below properties.",
)
REFERENCE_TO_HOLDER = Rule(
    "schema.reference_to_holder",
    WARNING,
    "{reference} leads to something that holds a schema and is none; the schema in it was read",
    "Write {meant}.",
)
KEYWORD_IN_PROPERTIES = Rule(
    "schema.keyword_in_properties",
    WARNING,
    "{name} stands among the properties, where it would be one of them; it was read as the "
    "object's own",
    "Put {name} on the level of properties.",
)
EXAMPLE_OF_OTHER_TYPE = Rule(
    "schema.example_of_other_type",
    NOTE,
    "{value} in this example is not of type {kind}; models see it as that type",
    "Write texts in quotes, and numbers, true and false without.",
)
DEFAULT_REFUSED = Rule(
    "schema.default_refused",
    WARNING,
    "This default is no value that may be given, so it is not used: {reason}",
    "Correct the default, or the rule that it breaks.",
)
ALTERNATIVES_ALIKE = Rule(
    "schema.alternatives_alike",
    NOTE,
    "What fits one of these alternatives fits another one as well, and oneOf allows one alone; "
    "they were read as anyOf",
    "Write anyOf, or tell them apart: by a discriminator, by required, or by a constant in each.",
)
COMBINED_TOO_OFTEN = Rule(
    "schema.combined_too_often",
    NOTE,
    "This document combines schemas (allOf, oneOf, anyOf, discriminator) in more ways than are "
    "worked out for one document; the rest stayed references, without their discriminators",
    "Describe a union that stands in many places once, below components.schemas, and refer to it.",
)
ARGUMENT_IMPOSSIBLE = Rule(
    "schema.argument_impossible",
    ERROR,
    "No value can be given for {name}, which every call needs: {reason}",
    "Change its schema so that a value fits, or take it out of required.",
)
VALUES_UNSENDABLE = Rule(
    "schema.values_unsendable",
    WARNING,
    "Values that {name} may have cannot be sent, so they are left out: {reason}",
    "Correct the values, or remove them.",
)
PARAMETER_UNSENDABLE = Rule(
    "schema.parameter_unsendable",
    ERROR,
    "No value that {name} may have can be sent: {reason}",
    "Correct the values, or leave the parameter out.",
)
PATTERN_IN_SLASHES = Rule(
    "schema.pattern_in_slashes",
    WARNING,
    "This pattern stands between slashes, as JavaScript writes it, so that no value would fit; "
    "{read}",
    "Write the pattern without the slashes, and without what stands behind the second one.",
)
