using System.Collections.Frozen;
using System.Text.Json;
using Congress.Datasources.Drivers.Fake;
using Congress.Datasources.Drivers.Files;
using Congress.Datasources.Drivers.Host;
using Congress.Datasources.Drivers.Peer;
using Congress.Datasources.Drivers.Push;
using Congress.Datasources.Drivers.Rest;
using Congress.Datasources.Drivers.Sql;
using Congress.Datasources.Drivers.Webhook;

namespace Congress.Datasources;

/// <summary>The drivers that a node knows, by name. It does not change: with another driver it is another registry.</summary>
public sealed class DriverRegistry
{
    /// <summary>What a message on options that are not there begins with.</summary>
    public const string MissingOptions = "Missing required config options: ";

    /// <summary>What a message on options that the driver does not take begins with.</summary>
    public const string InvalidOptions = "Invalid driver options: ";

    /// <summary>What stands in place of a secret.</summary>
    public const string Hidden = "<hidden>";

    private static readonly JsonElement HiddenText = Parse("\"<hidden>\"");

    private readonly FrozenDictionary<string, IDriverFactory> _byName;

    private DriverRegistry(IEnumerable<IDriverFactory> factories)
    {
        _byName = factories.ToFrozenDictionary(factory => factory.Name, StringComparer.Ordinal);
        All = [.. _byName.Values.OrderBy(factory => factory.Name, StringComparer.Ordinal)];
    }

    /// <summary>No driver at all.</summary>
    public static DriverRegistry Empty { get; } = new([]);

    /// <summary>The drivers of this library.</summary>
    public static DriverRegistry BuiltIn { get; } = new(
    [
        new FakeDriverFactory(),
        new FilesDriverFactory(),
        new HostFactsDriverFactory(),
        new PeerDriverFactory(),
        new PushDriverFactory(),
        new RestDriverFactory(),
        new SqlDriverFactory(),
        new WebhookDriverFactory(),
    ]);

    /// <summary>What every datasource can be told besides what its driver lists. The service reads it, not the driver.</summary>
    public static IReadOnlyList<DriverOption> CommonOptions { get; } =
    [
        new("poll_time", "seconds from the end of one reading to the beginning of the next; 0 reads only on request; 10 when it is not there"),
        new("lazy_tables", "a list of tables that are read only while somebody follows them"),
        new("persist_data", "true or false: whether pushed rows survive the end of the process; false when it is not there"),
    ];

    /// <summary>The drivers, sorted by name.</summary>
    public IReadOnlyList<IDriverFactory> All { get; }

    /// <summary>The driver of a name, or null.</summary>
    public IDriverFactory? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>These drivers and another, which takes the place of one of its name.</summary>
    public DriverRegistry With(IDriverFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new(All.Where(other => other.Name != factory.Name).Append(factory));
    }

    /// <summary>Checks the names of the options that a datasource of a driver is to have. An option that is null is not there.</summary>
    /// <exception cref="DriverException">Required ones are missing (the message begins with <see cref="MissingOptions"/> and names them), or the driver does not take
    /// some (it begins with <see cref="InvalidOptions"/>, names them and then those that it takes).</exception>
    public static void Check(IDriverFactory factory, IReadOnlyDictionary<string, JsonElement> options)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(options);
        var allowed = factory.Options.Concat(CommonOptions).Select(option => option.Name).Distinct(StringComparer.Ordinal).ToArray();
        var unknown = options.Keys.Except(allowed, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            throw new DriverException($"{InvalidOptions}{string.Join(", ", unknown)}; driver '{factory.Name}' takes {string.Join(", ", allowed)}");
        }

        var missing = factory.Options.Where(option => option.IsRequired && !IsThere(options, option.Name) && !IsThere(options, option.Substitute)).Select(option => option.Name).ToArray();
        if (missing.Length > 0)
        {
            throw new DriverException(MissingOptions + string.Join(", ", missing));
        }
    }

    /// <summary>The options as anybody may see them: <c>&lt;hidden&gt;</c> in place of each secret.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Mask(IDriverFactory factory, IReadOnlyDictionary<string, JsonElement> options)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(options);
        var secrets = factory.Options.Where(option => option.IsSecret).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return options.ToDictionary(
            option => option.Key,
            option => secrets.Contains(option.Key) && option.Value.ValueKind != JsonValueKind.Null ? HiddenText : option.Value,
            StringComparer.Ordinal);
    }

    private static bool IsThere(IReadOnlyDictionary<string, JsonElement> options, string? name) =>
        name is not null && options.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
