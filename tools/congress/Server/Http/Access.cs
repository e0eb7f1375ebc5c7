using System.Security.Cryptography;
using System.Text;
using Congress.Api;
using Microsoft.AspNetCore.Http;

namespace Congress.Cli.Server.Http;

/// <summary>What a token allows; each role all that the one before it does.</summary>
internal enum Role
{
    /// <summary>Nothing is needed.</summary>
    Anybody,

    /// <summary>To read, and to ask what would be.</summary>
    Reader,

    /// <summary>To change policies, rules and the library.</summary>
    Author,

    /// <summary>To change datasources, push rows and act.</summary>
    Operator,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>A token as it is kept: never the token itself.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Hash">SHA-256 of the token, which is random and long.</param>
internal sealed record TokenHash(string Name, Role Role, byte[] Hash)
{
    /// <summary>The hash of a token.</summary>
    public static byte[] Of(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>Who asks.</summary>
/// <param name="Name">Whose token it is.</param>
/// <param name="Role">What it allows.</param>
internal sealed record Asker(string Name, Role Role)
{
    /// <summary>Whoever asks for what everybody may know.</summary>
    public static Asker Anybody { get; } = new("anybody", Role.Anybody);
}

/// <summary>Who may do what.</summary>
/// <param name="tokens">The tokens; null: anybody may do anything, for a server that only this machine reaches.</param>
internal sealed class Access(IReadOnlyList<TokenHash>? tokens)
{
    /// <summary>Who asks.</summary>
    /// <exception cref="ApiException">There is no token, or nobody's.</exception>
    public Asker AskerOf(HttpRequest request)
    {
        if (tokens is null)
        {
            return new("a request", Role.Admin);
        }

        var bearer = request.Headers.Authorization.ToString();
        var token = bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..].Trim() : request.Headers["X-Auth-Token"].ToString();
        if (token.Length is 0 or > 1000)
        {
            throw new ApiException(ApiError.Unauthorized);
        }

        // All are compared, whichever is right, so that the time says nothing.
        var hash = TokenHash.Of(token);
        Asker? asker = null;
        foreach (var known in tokens)
        {
            asker = CryptographicOperations.FixedTimeEquals(hash, known.Hash) ? new(known.Name, known.Role) : asker;
        }

        return asker ?? throw new ApiException(ApiError.Unauthorized);
    }
}
