//! The owner: the first run, signing in, another password.

use sooner_shared::access::{Deed, DeviceId, DeviceKind, NewPassword, PASSWORD_CHARS, Recovery};
use sooner_shared::{Maker, Problem, ProblemCode, Timestamp};

use super::tries::Account;
use super::{Access, Keeper, Kept, lock, password, secret};

impl Keeper {
    /// A code that makes the owner, once; a new one takes the place of the one before.
    pub fn first_run_code(&self) -> String {
        let code = secret::printed_code();
        *lock(&self.first_run) = Some(secret::hash_of_code(&code));
        code
    }

    /// Makes the owner, signed in at the browser that asks.
    pub async fn make_owner(
        &self,
        code: &str,
        password: &str,
        shop_name: &str,
        device: Option<DeviceId>,
    ) -> Result<(Recovery, Kept), Problem> {
        if self.has_owner() {
            return Err(ProblemCode::HasOwner.into());
        }
        if *lock(&self.first_run) != Some(secret::hash_of_code(code)) {
            return Err(ProblemCode::WrongPassword.into());
        }
        password::check_password(password, shop_name)?;
        let may = |access: &Access| match access.owner {
            // Of two who came at once one is the owner.
            Some(_) => Err(ProblemCode::HasOwner.into()),
            None => Ok(()),
        };
        let made = self.replace_password(password, device, Deed::OwnerMade, may).await?;
        *lock(&self.first_run) = None;
        Ok(made)
    }

    /// Takes the owner's password away, for one who has lost the printed code too: whoever runs the
    /// program may. Nobody is signed in as owner any more, and the first run makes a new one.
    pub async fn reset_owner(&self) -> Result<(), Problem> {
        self.change(Maker::Operator, |access| {
            access.forget_owner();
            Ok(((), Deed::OwnerReset))
        })
        .await
    }

    /// Signs the owner in.
    pub async fn log_in(&self, password: &str, device: Option<DeviceId>) -> Result<Kept, Problem> {
        self.must_be_password(password, device).await?;
        self.change(Maker::Owner, |access| {
            Ok((sign_in(access, device, self.clock.now())?, Deed::SignedIn))
        })
        .await
    }

    /// Signs the owner out of a browser, which stays known.
    pub async fn log_out(&self, device: DeviceId) -> Result<(), Problem> {
        self.change(Maker::Owner, |access| {
            access.log_out(device);
            Ok(((), Deed::SignedOut))
        })
        .await
    }

    /// Another password; whoever is signed in as owner is not any more, but who asks is.
    pub async fn set_password(
        &self,
        wanted: &NewPassword,
        shop_name: &str,
        device: Option<DeviceId>,
    ) -> Result<(Recovery, Kept), Problem> {
        match wanted {
            NewPassword::Change { before, password } => {
                password::check_password(password, shop_name)?;
                self.must_be_password(before, device).await?;
                self.replace_password(password, device, Deed::PasswordChanged, |_| Ok(())).await
            }
            NewPassword::Recover { recovery_code, password } => {
                password::check_password(password, shop_name)?;
                // Looked at before anything is hashed, and again when it is replaced: a code is
                // good once, also when it comes twice at the same time. With 130 bits guessing it
                // needs no delay of its own.
                let may = |access: &Access| must_be_recovery(access, recovery_code);
                may(&self.state())?;
                self.replace_password(password, device, Deed::Recovered, may).await
            }
        }
    }

    /// Puts a password in the place of the one before, if that may still be, and signs in at the
    /// browser that asks. With it goes a new code to print.
    async fn replace_password(
        &self,
        password: &str,
        device: Option<DeviceId>,
        deed: Deed,
        may: impl FnOnce(&Access) -> Result<(), Problem>,
    ) -> Result<(Recovery, Kept), Problem> {
        let hash = password::hash(password).await;
        let recovery_code = secret::printed_code();
        let recovery = secret::hash_of_code(&recovery_code);
        let kept = self
            .change(Maker::Owner, |access| {
                may(access)?;
                access.set_password(hash, recovery);
                Ok((sign_in(access, device, self.clock.now())?, deed))
            })
            .await?;
        Ok((Recovery { recovery_code }, kept))
    }

    async fn must_be_password(
        &self,
        password: &str,
        device: Option<DeviceId>,
    ) -> Result<(), Problem> {
        let state = self.state();
        let account = device.map_or(Account::Owner, Account::OwnerAt);
        let stored = state.owner.as_ref().map(|owner| owner.password.as_str());
        self.try_secret(account, password, stored).await
    }

    /// Whether a secret is the one of which a hash was stored. Where none was, the answer is the
    /// same as to a wrong one, and takes as long: it is hashed all the same.
    pub(super) async fn try_secret(
        &self,
        account: Account,
        secret: &str,
        stored: Option<&str>,
    ) -> Result<(), Problem> {
        let begun = lock(&self.tries).begin(account, self.clock.now());
        begun.map_err(|until| {
            let problem = Problem::new(ProblemCode::TooManyTries);
            Problem { until: Some(until), ..problem }
        })?;
        // Nobody's password is longer; hashing what is would be work for nothing.
        let has_length = secret.len() <= 4 * *PASSWORD_CHARS.end();
        let is_right = match stored {
            _ if !has_length => false,
            Some(stored) => password::fits(secret, stored).await,
            None => {
                let _ = password::hash(secret).await;
                false
            }
        };
        if is_right {
            lock(&self.tries).was_right(account);
            return Ok(());
        }
        tracing::warn!(shop = %self.shop, ?account, "a wrong password or PIN");
        if lock(&self.tries).is_worth_telling(account) {
            self.note(Maker::Unknown, Deed::LockedOut).await?;
        }
        Err(ProblemCode::WrongPassword.into())
    }
}

fn must_be_recovery(access: &Access, code: &str) -> Result<(), Problem> {
    match &access.owner {
        Some(owner) if owner.recovery == secret::hash_of_code(code) => Ok(()),
        _ => Err(ProblemCode::WrongPassword.into()),
    }
}

/// The owner is signed in at a browser, which is known from then on.
fn sign_in(access: &mut Access, device: Option<DeviceId>, now: Timestamp) -> Result<Kept, Problem> {
    let (id, device) = if let Some(id) = device {
        (id, None)
    } else {
        let (token, hash) = secret::token();
        // Screens say what it is in the reader's language.
        (access.add_device(DeviceKind::Owner, String::new(), hash, now)?, Some(token))
    };
    let (login, hash) = secret::token();
    access.log_in(hash, id, now);
    Ok(Kept { device, login })
}
