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
        let hash = password::hash(password).await;
        let recovery_code = secret::printed_code();
        let recovery = secret::hash_of_code(&recovery_code);
        let kept = self
            .change(Some((Maker::Owner, Deed::OwnerMade)), |access| {
                // Of two who came at once one is the owner.
                if access.owner.is_some() {
                    return Err(ProblemCode::HasOwner.into());
                }
                access.set_password(hash, recovery);
                sign_in(access, device, self.clock.now())
            })
            .await?;
        *lock(&self.first_run) = None;
        Ok((Recovery { recovery_code }, kept))
    }

    /// Takes the owner's password away, for one who has lost the printed code too: whoever runs the
    /// program may. Nobody is signed in as owner any more, and the first run makes a new one.
    pub async fn reset_owner(&self) -> Result<(), Problem> {
        self.change(Some((Maker::Operator, Deed::OwnerReset)), |access| {
            access.forget_owner();
            Ok(())
        })
        .await
    }

    /// Signs the owner in.
    pub async fn log_in(&self, password: &str, device: Option<DeviceId>) -> Result<Kept, Problem> {
        self.must_be_password(password, device).await?;
        self.change(Some((Maker::Owner, Deed::SignedIn)), |access| {
            sign_in(access, device, self.clock.now())
        })
        .await
    }

    /// Signs the owner out of a browser, which stays known.
    pub async fn log_out(&self, device: DeviceId) -> Result<(), Problem> {
        self.change(Some((Maker::Owner, Deed::SignedOut)), |access| {
            access.log_out(device);
            Ok(())
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
        let (new, deed) = match wanted {
            NewPassword::Change { before, password } => {
                password::check_password(password, shop_name)?;
                self.must_be_password(before, device).await?;
                (password, Deed::PasswordChanged)
            }
            NewPassword::Recover { recovery_code, password } => {
                password::check_password(password, shop_name)?;
                (password, self.must_be_recovery(recovery_code)?)
            }
        };
        let hash = password::hash(new).await;
        let recovery_code = secret::printed_code();
        let recovery = secret::hash_of_code(&recovery_code);
        let kept = self
            .change(Some((Maker::Owner, deed)), |access| {
                if let NewPassword::Recover { recovery_code, .. } = wanted {
                    // A code is good once, also when it comes twice at the same time.
                    let is_good = access
                        .owner
                        .as_ref()
                        .is_some_and(|o| o.recovery == secret::hash_of_code(recovery_code));
                    if !is_good {
                        return Err(ProblemCode::WrongPassword.into());
                    }
                }
                access.set_password(hash, recovery);
                sign_in(access, device, self.clock.now())
            })
            .await?;
        Ok((Recovery { recovery_code }, kept))
    }

    /// The printed code has 130 bits: guessing it needs no delay of its own.
    fn must_be_recovery(&self, code: &str) -> Result<Deed, Problem> {
        let state = self.state();
        let owner = state.owner.as_ref().ok_or(ProblemCode::WrongPassword)?;
        if owner.recovery == secret::hash_of_code(code) {
            Ok(Deed::Recovered)
        } else {
            Err(ProblemCode::WrongPassword.into())
        }
    }

    async fn must_be_password(
        &self,
        password: &str,
        device: Option<DeviceId>,
    ) -> Result<(), Problem> {
        let state = self.state();
        let account = device.map_or(Account::Owner, Account::OwnerAt);
        // Without an owner the answer is the same, and takes as long.
        let stored = match &state.owner {
            Some(owner) => owner.password.clone(),
            None => password::hash("nobody").await,
        };
        let has_owner = state.owner.is_some();
        self.try_secret(account, password, &stored, has_owner).await
    }

    pub(super) async fn try_secret(
        &self,
        account: Account,
        secret: &str,
        stored: &str,
        may_be_right: bool,
    ) -> Result<(), Problem> {
        let begun = lock(&self.tries).begin(account, self.clock.now());
        begun.map_err(|until| {
            let problem = Problem::new(ProblemCode::TooManyTries);
            Problem { until: Some(until), ..problem }
        })?;
        // Nobody's password is longer; hashing what is would be work for nothing.
        let has_length = secret.len() <= 4 * *PASSWORD_CHARS.end();
        if has_length && password::fits(secret, stored).await && may_be_right {
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
