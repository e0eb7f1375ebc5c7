using System.Collections.Frozen;
using Congress.Data;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>What the items of a message do to a table.</summary>
public enum WebhookOperation
{
    /// <summary>They come to its rows; one whose key is there takes that row's place.</summary>
    Add,

    /// <summary>They are its rows from now on.</summary>
    Replace,

    /// <summary>The rows with their keys go.</summary>
    Remove,
}

/// <summary>A table that messages fill.</summary>
/// <param name="Schema">The table.</param>
public sealed record WebhookTable(TableSchema Schema)
{
    /// <summary>Where an item has the value of each column, by column; of one that is not there it is the property of that name. A path is <c>alarm.labels.0</c>, or a
    /// JSON pointer.</summary>
    public IReadOnlyDictionary<string, string> Paths { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The columns that tell a row from others; all when there are none.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Where a message has the item, or the array of items; empty for the message itself. Null is the property named after the table.</summary>
    public string? Items { get; init; }

    /// <summary>Where a message has the word that tells its operation. When that is not there, items are added.</summary>
    public string Operation { get; init; } = "operation";

    /// <summary>What the words mean. A message with another word is not for this table.</summary>
    public IReadOnlyDictionary<string, WebhookOperation> Operations { get; init; } = Words;

    /// <summary>When a row goes that no message has brought again; null for never.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The most rows. A message that would bring more is refused.</summary>
    public int MaxRows { get; init; } = 100_000;

    /// <summary><c>add</c>, <c>replace</c> and <c>remove</c>.</summary>
    public static IReadOnlyDictionary<string, WebhookOperation> Words { get; } = new Dictionary<string, WebhookOperation>(StringComparer.Ordinal)
    {
        ["add"] = WebhookOperation.Add,
        ["replace"] = WebhookOperation.Replace,
        ["remove"] = WebhookOperation.Remove,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
