using System.Text.Json;

namespace Congress.Datasources.Translation;

/// <summary>Leads from a JSON value to values within it: <c>servers[0].name</c>, <c>['a.b'].c</c>, <c>links[?rel=='next'].href</c>.</summary>
/// <remarks>
/// The steps are those of RFC 9535 that need no program: names, indexes (from the end when negative), <c>*</c>, and filters of comparisons with
/// <c>==</c> and <c>!=</c> joined by <c>&amp;&amp;</c>. A leading <c>$.</c> may be left out, and <c>@.</c> in a filter. What is not there has no value; nothing is an error.
/// </remarks>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<JsonStep> _steps;
    private readonly string _text;

    internal JsonPath(IReadOnlyList<JsonStep> steps, string text) => (_steps, _text) = (steps, text);

    /// <summary>Whether it leads to one value at most, whatever it is applied to.</summary>
    public bool IsSingular => _steps.All(step => step.IsSingular);

    /// <summary>The path to a property, whatever characters its name has.</summary>
    public static JsonPath ToProperty(string name) => new([new JsonStep.Property(name)], name);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is none; the message says where and what was expected.</exception>
    public static JsonPath Parse(string text) => new JsonPathParser(text).Read();

    /// <summary>The first of the values; null when there is none.</summary>
    public JsonElement? First(JsonElement from)
    {
        var at = from;
        foreach (var step in _steps)
        {
            if (!step.IsSingular)
            {
                foreach (var value in All(from))
                {
                    return value;
                }

                return null;
            }

            if (step.Find(at) is not { } next)
            {
                return null;
            }

            at = next;
        }

        return at;
    }

    /// <summary>The values, in the order of the document.</summary>
    public IEnumerable<JsonElement> All(JsonElement from) =>
        _steps.Aggregate((IEnumerable<JsonElement>)[from], (values, step) => values.SelectMany(step.Select));

    /// <summary>The path as it was written.</summary>
    public override string ToString() => _text;
}

/// <summary>One step of a path.</summary>
internal abstract record JsonStep
{
    /// <summary>Whether it leads to one value at most.</summary>
    public virtual bool IsSingular => true;

    /// <summary>The first value that it leads to.</summary>
    public abstract JsonElement? Find(JsonElement from);

    /// <summary>All of them.</summary>
    public virtual IEnumerable<JsonElement> Select(JsonElement from) => Find(from) is { } found ? [found] : [];

    private static IEnumerable<JsonElement> Children(JsonElement from) => from.ValueKind switch
    {
        JsonValueKind.Array => from.EnumerateArray(),
        JsonValueKind.Object => from.EnumerateObject().Select(property => property.Value),
        _ => [],
    };

    /// <summary>A property of an object.</summary>
    public sealed record Property(string Name) : JsonStep
    {
        public override JsonElement? Find(JsonElement from)
        {
            try
            {
                return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(Name, out var value) ? value : null;
            }
            catch (InvalidOperationException)
            {
                return from.EnumerateObject().Where(HasName).Select(property => (JsonElement?)property.Value).LastOrDefault();
            }
        }

        // A name that escapes half a surrogate pair is nobody's, and does not stand in the way of the others.
        private bool HasName(JsonProperty property)
        {
            try
            {
                return property.NameEquals(Name);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>An element of an array.</summary>
    public sealed record Element(int Index) : JsonStep
    {
        public override JsonElement? Find(JsonElement from)
        {
            if (from.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var (length, index) = (from.GetArrayLength(), Index);
            index = index < 0 ? length + index : index;
            return index >= 0 && index < length ? from[index] : null;
        }
    }

    /// <summary>All values of an array or object that meet conditions.</summary>
    public sealed record Each(IReadOnlyList<JsonCondition> Conditions) : JsonStep
    {
        public override bool IsSingular => false;

        public override JsonElement? Find(JsonElement from) => Select(from).Cast<JsonElement?>().FirstOrDefault();

        public override IEnumerable<JsonElement> Select(JsonElement from) =>
            Children(from).Where(child => Conditions.All(condition => condition.Holds(child)));
    }
}

/// <summary>What a filter asks of a value: that something is there, and equals a literal, or does not.</summary>
internal sealed record JsonCondition(JsonPath Path, JsonElement? Literal, bool IsEqual)
{
    public bool Holds(JsonElement value)
    {
        var found = Path.First(value);
        return Literal is not { } literal ? found is not null : (found is { } there && Same(there, literal)) == IsEqual;
    }

    private static bool Same(JsonElement left, JsonElement right) =>
        left.ValueKind == right.ValueKind && left.ValueKind switch
        {
            JsonValueKind.String => JsonCell.TryRead(left, out var value) && value.AsText() == right.GetString(),
            JsonValueKind.Number => left.GetDouble().Equals(right.GetDouble()),
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => true,
            _ => false,
        };
}
