using System.Buffers;
using System.Text;
using System.Text.Json;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies.Catalog;

namespace Congress.Persistence;

/// <summary>How changes of policies and rules are written in the store: an array of objects with one member each, which names the change.</summary>
internal static class CatalogJson
{
    /// <summary>The text of changes.</summary>
    public static string Write(IReadOnlyList<CatalogChange> changes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var change in changes)
            {
                Write(writer, change);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The changes of a text.</summary>
    /// <exception cref="StoreException">It is not one that this release can read.</exception>
    public static IReadOnlyList<CatalogChange> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new StoreException(StoreFailure.Damaged, $"an entry of the rule log cannot be read: {exception.Message}", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, CatalogChange change)
    {
        var (name, members) = change switch
        {
            CatalogChange.PolicyCreated created => ("policyCreated", MembersOf(created.Policy)),
            CatalogChange.PolicyDeleted deleted => ("policyDeleted", MembersOf(deleted.Policy)),
            CatalogChange.RuleInserted inserted => ("ruleInserted", MembersOf(inserted.Rule)),
            CatalogChange.RuleDeleted deleted => ("ruleDeleted", MembersOf(deleted.Rule)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        writer.WriteStartObject();
        writer.WriteStartObject(name);
        foreach (var (member, value) in members)
        {
            if (value is not null)
            {
                writer.WriteString(member, value);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static CatalogChange Read(JsonElement element)
    {
        var change = element.EnumerateObject().Single();
        string Required(string name) => change.Value.GetProperty(name).GetString()!;
        string? Optional(string name) => change.Value.TryGetProperty(name, out var value) ? value.GetString() : null;
        PolicyRecord Policy() => new(
            Required("id"), Required("name"), Enum.Parse<PolicyKind>(Required("kind")), Required("abbreviation"), Optional("description"), Optional("owner"));
        RuleRecord Rule() => new(Required("id"), Required("policy"), Required("text"), Optional("name"), Optional("comment"));
        return change.Name switch
        {
            "policyCreated" => new CatalogChange.PolicyCreated(Policy()),
            "policyDeleted" => new CatalogChange.PolicyDeleted(Policy()),
            "ruleInserted" => new CatalogChange.RuleInserted(Rule()),
            "ruleDeleted" => new CatalogChange.RuleDeleted(Rule()),
            _ => throw new JsonException($"there is no change '{change.Name}'"),
        };
    }

    private static (string Name, string? Value)[] MembersOf(PolicyRecord policy) =>
    [
        ("id", policy.Id), ("name", policy.Name), ("kind", policy.Kind.ToString()), ("abbreviation", policy.Abbreviation), ("description", policy.Description), ("owner", policy.Owner),
    ];

    private static (string Name, string? Value)[] MembersOf(RuleRecord rule) =>
        [("id", rule.Id), ("policy", rule.Policy), ("text", rule.Text), ("name", rule.Name), ("comment", rule.Comment)];
}
