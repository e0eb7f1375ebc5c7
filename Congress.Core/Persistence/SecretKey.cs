using System.Security.Cryptography;
using System.Text;
using Congress.Diagnostics;

namespace Congress.Persistence;

/// <summary>Keeps secrets from who has the store but not the key: AES-256 in Galois counter mode, the key in a file that only its owner may read.</summary>
public sealed class SecretKey
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private SecretKey(byte[] key) => _key = key;

    /// <summary>Reads a key file, which is made when it is not there.</summary>
    /// <exception cref="StoreException">The file cannot be read or made, is no key, or others may read it.</exception>
    public static SecretKey Open(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) is var more and not UnixFileMode.None)
            {
                throw new StoreException(StoreFailure.Unavailable, $"the key file {path} may be used by others ({more}); expected mode 0600: chmod 600 {path}");
            }

            var key = Convert.FromBase64String(File.ReadAllText(path).Trim());
            return key.Length == 32 ? new(key) : throw new FormatException();
        }
        catch (FormatException exception)
        {
            throw new StoreException(StoreFailure.Damaged, $"{path} is no key file; expected 32 bytes in base64. Restore it from a backup", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"the key file {path} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Encrypts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="purpose">What it is; it must be said again to decrypt it.</param>
    internal byte[] Encrypt(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var result = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(result.AsSpan(0, NonceSize), plain, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <summary>Decrypts a text.</summary>
    /// <exception cref="StoreException">It was encrypted with another key, or for something else, or has been changed.</exception>
    internal string Decrypt(ReadOnlySpan<byte> secret, string purpose)
    {
        try
        {
            var plain = new byte[secret.Length - NonceSize - TagSize];
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(secret[..NonceSize], secret[(NonceSize + TagSize)..], secret.Slice(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or OverflowException or ArgumentException)
        {
            throw new StoreException(StoreFailure.Damaged, $"the {purpose} cannot be decrypted: the key file is not the one that it was encrypted with, or the store is damaged", exception);
        }
    }

    private static void Make(string path)
    {
        // Under another name first, so that who comes at the same time reads a whole key; the first name given wins.
        var made = $"{path}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(made, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(made);
        }
    }
}
