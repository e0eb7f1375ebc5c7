using System.Collections.Immutable;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>The texts that no message may show, in whatever form a system sends them back.</summary>
internal sealed class Secrets
{
    private const string Hidden = "<hidden>";
    private const int Shortest = 3;     // what is shorter hides nothing but the sense of messages

    private ImmutableHashSet<string> _texts = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Adds a secret.</summary>
    public void Add(string secret) => ImmutableInterlocked.Update(ref _texts, (texts, forms) => texts.Union(forms), FormsOf(secret));

    /// <summary>Forgets a secret that is worth nothing any more.</summary>
    public void Remove(string secret) => ImmutableInterlocked.Update(ref _texts, (texts, forms) => texts.Except(forms), FormsOf(secret));

    /// <summary>A text without them; the longest go first, as one may be a part of another.</summary>
    public string Hide(string text) =>
        _texts.OrderByDescending(secret => secret.Length).Aggregate(text, (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));

    // As it is, in a URL, and in JSON as we and as most others write it.
    private static string[] FormsOf(string secret) => [.. new[]
    {
        secret, Uri.EscapeDataString(secret), JsonEncodedText.Encode(secret).ToString(),
        secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
    }.Where(form => form.Length >= Shortest)];
}
