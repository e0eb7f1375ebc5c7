using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ;

/// <summary>The key of a node and those that it trusts. No authority is asked: a peer is who holds the key that was pinned for it.</summary>
public sealed class TlsKeys
{
    private readonly FrozenDictionary<string, PinnedPeer> _pins;

    /// <summary>Takes the certificate of this node and the keys of its peers.</summary>
    /// <param name="certificate">The certificate, with its private key; who signed it and until when does not matter.</param>
    /// <param name="pins">The peers by the <see cref="FingerprintOf"/> their certificates.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or a fingerprint is none.</exception>
    public TlsKeys(X509Certificate2 certificate, IReadOnlyDictionary<string, PinnedPeer> pins)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(pins);
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("the certificate of the node has no private key; expected a certificate with one", nameof(certificate));
        }

        foreach (var (fingerprint, peer) in pins)
        {
            if (fingerprint.Length != 2 * SHA256.HashSizeInBytes || !fingerprint.All(char.IsAsciiHexDigit))
            {
                throw new ArgumentException($"the pin of {peer.Node} is '{fingerprint}'; expected the SHA-256 of its public key as 64 hexadecimal digits", nameof(pins));
            }
        }

        Certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        _pins = pins.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The certificate of this node.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate as it is shown: alone, nothing is fetched for it.</summary>
    internal SslStreamCertificateContext Context { get; }

    /// <summary>The SHA-256 of the public key (SubjectPublicKeyInfo) of a certificate, in hexadecimal: it stays when the certificate is renewed.</summary>
    public static string FingerprintOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>The peer whose key it is, or null.</summary>
    internal PinnedPeer? Find(string? fingerprint) => fingerprint is null ? null : _pins.GetValueOrDefault(fingerprint);
}

/// <summary>Whose key it is.</summary>
/// <param name="Node">The node.</param>
/// <param name="Role">What it may do.</param>
public sealed record PinnedPeer(NodeId Node, PeerRole Role)
{
    /// <summary>Whether it is the same node with the same rights.</summary>
    internal bool IsSameAs(PinnedPeer? other) => other is not null && Node == other.Node && Role.Publish.SequenceEqual(other.Role.Publish, StringComparer.Ordinal)
        && Role.Call.SequenceEqual(other.Role.Call, StringComparer.Ordinal) && Role.Subscribe.SequenceEqual(other.Role.Subscribe, StringComparer.Ordinal);
}
